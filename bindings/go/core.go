// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// core is a waiter of C and the one call that may block on it. It knows of no Target, so
// that the garbage collector finds it when nobody has it any more.
type core struct {
	native  native.Waiter
	closing chan struct{}
	at      place // where it has one target only

	mu       sync.Mutex
	waiting  bool
	canceled bool // C stays canceled until it is reset
	closed   bool
	ended    bool // native is gone
}

func newCore(at place) *core {
	return &core{native: native.NewWaiter(), closing: make(chan struct{}), at: at}
}

// close ends the waiter of C, or has the call that is under way end it.
func (c *core) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	close(c.closing)
	runtime.SetFinalizer(c, nil)
	if c.waiting {
		c.native.Cancel() // end does the rest
	} else {
		c.destroy()
	}
}

// destroy is called with the lock held.
func (c *core) destroy() {
	c.ended = true
	native.DeleteWaiter(c.native)
}

func (c *core) check(status int) error { return failure(status, c.at, c.native.Message) }

// wait is what all waits on a waiter have in common. What call is given are the
// milliseconds that the context leaves.
func (c *core) wait(ctx context.Context, call func(limit int64) int) error {
	over := ctx.Err() // which may change at any moment
	if errors.Is(over, context.Canceled) {
		return canceled(c.at, over)
	}
	if err := c.begin(); err != nil {
		return err
	}
	defer c.end()
	limit := milliseconds(ctx, over)
	status := c.under(ctx, func() int { return call(limit) })
	if Status(status) == ErrTimeout {
		awaitDeadline(ctx)
	}
	if Status(status) == ErrCanceled {
		return canceled(c.at, c.whoCanceled(ctx))
	}
	return c.check(status)
}

func (c *core) begin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return errClosed
	case c.waiting:
		return refusal(c.at, "Another goroutine waits on this waiter.")
	}
	if c.canceled {
		c.canceled = false
		if err := c.check(c.native.Reset()); err != nil {
			return err
		}
	}
	c.waiting = true
	return nil
}

func (c *core) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = false
	if c.closed {
		c.destroy()
	}
}

// Most waits are over before a goroutine would have begun: only one that lasts gets one.
const atOnce = time.Millisecond / 2

// under makes a call that blocks, and cancels it with the context. The deadline is left to
// C, which knows why the state has not come by then.
func (c *core) under(ctx context.Context, call func() int) int {
	if ctx.Done() == nil {
		return call()
	}
	returned, left := make(chan struct{}), make(chan struct{})
	watcher := time.AfterFunc(atOnce, func() {
		defer close(left)
		select {
		case <-returned:
		case <-ctx.Done():
			if _, has := ctx.Deadline(); !has || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				c.canceled = true
				c.native.Cancel()
			}
		}
	})
	status := call()
	if !watcher.Stop() {
		close(returned)
		<-left
	}
	return status
}

// awaitDeadline gives a context the moment it may need to know that its time is over, so
// that ctx.Err says what the error says.
func awaitDeadline(ctx context.Context) {
	if deadline, has := ctx.Deadline(); has && ctx.Done() != nil && time.Until(deadline) <= 0 {
		<-ctx.Done()
	}
}

// whoCanceled is the context, or Close.
func (c *core) whoCanceled(ctx context.Context) error {
	select {
	case <-c.closing:
		return os.ErrClosed
	default:
		return ctx.Err()
	}
}

func canceled(at place, cause error) error {
	return &Error{
		Status:  ErrCanceled,
		Host:    at.host,
		Port:    at.port,
		message: "The wait was cancelled.",
		cause:   cause,
	}
}

// milliseconds is the time that a context leaves, rounded up; none if it is over.
func milliseconds(ctx context.Context, over error) int64 {
	deadline, has := ctx.Deadline()
	switch {
	case over != nil:
		return 0
	case !has:
		return int64(native.FOREVER)
	}
	if left := time.Until(deadline); left > 0 {
		return wholeUnits(left, time.Millisecond)
	}
	return 0
}
