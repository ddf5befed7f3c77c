// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// wait is what all waits on a waiter have in common. What call is given are the
// milliseconds that the context leaves.
func (w *Waiter) wait(ctx context.Context, call func(limit int64) int) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return canceled(w.at, ctx.Err())
	}
	if err := w.begin(); err != nil {
		return err
	}
	defer w.end()
	limit := milliseconds(ctx)
	status := w.under(ctx, func() int { return call(limit) })
	if Status(status) == ErrTimeout {
		awaitDeadline(ctx)
	}
	if Status(status) == ErrCanceled {
		return canceled(w.at, w.whoCanceled(ctx))
	}
	return w.check(status)
}

func (w *Waiter) begin() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return errClosed
	case w.waiting:
		return refusal(w.at, "Another goroutine waits on this waiter.")
	}
	if w.canceled {
		w.canceled = false
		if err := w.check(w.native.Reset()); err != nil {
			return err
		}
	}
	w.waiting = true
	return nil
}

func (w *Waiter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = false
	if w.closed {
		w.destroy()
	}
}

// under makes a call that blocks, and cancels it with the context. The deadline is left to
// C, which knows why the state has not come by then.
func (w *Waiter) under(ctx context.Context, call func() int) int {
	if ctx.Done() == nil {
		return call()
	}
	returned, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-returned:
		case <-ctx.Done():
			if _, has := ctx.Deadline(); !has || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				w.canceled = true
				w.native.Cancel()
			}
		}
	}()
	status := call()
	close(returned)
	<-left
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
func (w *Waiter) whoCanceled(ctx context.Context) error {
	select {
	case <-w.closing:
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

// milliseconds is the time that a context leaves, rounded up.
func milliseconds(ctx context.Context) int64 {
	deadline, has := ctx.Deadline()
	switch {
	case ctx.Err() != nil:
		return 0
	case !has:
		return int64(native.FOREVER)
	}
	if left := time.Until(deadline); left > 0 {
		return wholeUnits(left, time.Millisecond)
	}
	return 0
}
