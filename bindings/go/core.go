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

// core is a waiter of the library and the one call that may block on it. It has no reference to
// a Target, so that the garbage collector can release it.
type core struct {
	native  native.Waiter
	closing chan struct{}
	at      place // if it has one target only

	mu       sync.Mutex
	waiting  bool
	canceled bool // the native waiter stays canceled until it is reset
	closed   bool
	ended    bool // native is destroyed
}

func newCore(at place) *core {
	return &core{native: briefly(native.NewWaiter), closing: make(chan struct{}), at: at}
}

// close destroys the native waiter. If a call is under way, that call destroys it.
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
		c.native.Cancel() // end destroys it
	} else {
		c.destroy()
	}
}

// destroy is called with the lock held.
func (c *core) destroy() {
	c.ended = true
	briefly(func() struct{} { native.DeleteWaiter(c.native); return struct{}{} })
}

func (c *core) check(status int) error {
	return failure(status, c.at, c.message, c.native.Errno)
}

func (c *core) message() string { return briefly(c.native.Message) }

// wait contains what all waits on a waiter share. The call, which ends with the context, gets a function that
// returns the milliseconds left in the context.
func (c *core) wait(ctx context.Context, call func(left limit) int) error {
	over := ctx.Err() // read once, since it may change
	if errors.Is(over, context.Canceled) {
		return canceled(c.at, "", over)
	}
	if err := c.begin(); err != nil {
		return err
	}
	defer c.end()
	left := func() int64 { return milliseconds(ctx, over) }
	status := call(left)
	if Status(status) == ErrTimeout {
		awaitDeadline(ctx)
	}
	if Status(status) == ErrCanceled {
		return canceled(c.at, c.message(), c.cancelCause(ctx))
	}
	return c.check(status)
}

// block is wait for a call that blocks its thread.
func (c *core) block(ctx context.Context, call func(left limit) int) error {
	return c.wait(ctx, func(left limit) int {
		return under(ctx, c.cancel, func() int { return call(left) })
	})
}

func (c *core) begin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return errClosed
	case c.waiting:
		return c.busy()
	}
	if c.canceled {
		if err := c.reset(); err != nil {
			return err
		}
	}
	c.waiting = true
	return nil
}

func (c *core) busy() error { return refusal(c.at, "Another goroutine waits on this waiter.") }

// reset is called with the lock held, and not during a wait.
func (c *core) reset() error {
	c.canceled = false
	return c.check(c.native.Reset())
}

func (c *core) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = false
	if c.closed {
		c.destroy()
	}
}

// Most waits end before a goroutine would have started, so only long ones get one.
const atOnce = time.Millisecond / 2

// under makes a call that blocks its thread, and cancels it with the context.
func under(ctx context.Context, cancel func(), call func() int) int {
	if ctx.Done() == nil {
		return call()
	}
	returned, left := make(chan struct{}), make(chan struct{})
	watcher := time.AfterFunc(atOnce, func() {
		defer close(left)
		select {
		case <-returned:
		case <-ctx.Done():
			cancelUnlessDue(ctx, cancel)
		}
	})
	status := call()
	if !watcher.Stop() {
		close(returned)
		<-left
	}
	return status
}

// cancelUnlessDue cancels a call after the context is done. A deadline is left to the library, which then says
// why the state was not reached.
func cancelUnlessDue(ctx context.Context, cancel func()) {
	if _, has := ctx.Deadline(); !has || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		cancel()
	}
}

func (c *core) cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.canceled = true
	c.native.Cancel()
}

// Go starts the timer of a context some time after it has read the clock: up to 50 ms after it, if a collection
// of garbage comes between. A wait is not that late.
const latestContext = 5 * time.Millisecond

// awaitDeadline waits until a context whose deadline has passed reports it, so that ctx.Err agrees with the
// error.
func awaitDeadline(ctx context.Context) {
	deadline, has := ctx.Deadline()
	if !has || ctx.Done() == nil || ctx.Err() != nil {
		return
	}
	if left := time.Until(deadline); left <= 0 {
		latest := time.NewTimer(left + latestContext)
		defer latest.Stop()
		select {
		case <-ctx.Done():
		case <-latest.C:
		}
	}
}

// cancelCause is the error of the context, or that of Close.
func (c *core) cancelCause(ctx context.Context) error {
	select {
	case <-c.closing:
		return os.ErrClosed
	default:
		return ctx.Err()
	}
}

func canceled(at place, message string, cause error) error {
	return &Error{
		Status:  ErrCanceled,
		Host:    at.host,
		Port:    at.port,
		message: message,
		cause:   cause,
	}
}

// limit returns the milliseconds left of a wait.
type limit = func() int64

// milliseconds is the time that a context leaves, rounded up; 0 if its deadline has passed.
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
