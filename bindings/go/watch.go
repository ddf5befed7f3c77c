// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Event is a change of state of one target.
type Event struct {
	Target *Target
	State  State
	Reason Reason
	// Errno is the error of a probe that a policy of this system refused; 0 otherwise.
	Errno syscall.Errno
	// Address is the address that decided the state; not valid if none did.
	Address netip.Addr
	// Time is when the change was seen.
	Time time.Time
	// Monotonic is the same moment on the monotonic clock of the system (CLOCK_MONOTONIC).
	Monotonic time.Duration
}

// Next waits for the next change of state of any target. Each change is reported once, in
// order; the first is the state that is found. Next fails with io.EOF after every target has
// reached its state and every change was reported. It fails with [ErrTimeout] at the deadline of
// the context; another Next continues from there. After a context that was canceled, Next starts
// again.
func (w *Waiter) Next(ctx context.Context) (Event, error) {
	seen := native.NewEvent()
	defer native.DeleteEvent(seen)
	status := 0
	err := w.core.block(ctx, func(left limit) int {
		status = w.core.native.Next(left(), seen)
		return status
	})
	if status == native.DONE {
		err = io.EOF
	}
	if err != nil {
		return Event{}, err
	}
	return Event{
		Target:    w.target(seen.GetTarget()),
		State:     State(seen.GetState()),
		Reason:    Reason(seen.GetReason()),
		Errno:     syscall.Errno(seen.GetError()),
		Address:   address(seen.GetAddress()),
		Time:      time.Unix(0, seen.GetRealtime_ns()),
		Monotonic: time.Duration(seen.GetMonotonic_ns()),
	}, nil
}

// Events are the changes of state of targets, in order.
type Events struct {
	// C is closed when the context is done, when all targets have reached their states, when
	// the waiter is closed, and after a failure.
	C <-chan Event

	err error
}

// Err is the failure that closed C, or nil. Call it after C was closed.
func (e *Events) Err() error { return e.err }

// Events sends the results of Next to a channel, from a goroutine that ends with the context, even if nothing
// receives from the channel. Until then another wait on the waiter is refused.
func (w *Waiter) Events(ctx context.Context) *Events {
	return w.events(ctx, func() error { return nil })
}

func (w *Waiter) events(ctx context.Context, after func() error) *Events {
	changes := make(chan Event)
	events := &Events{C: changes}
	go func() {
		defer close(changes)
		defer after()
		events.err = w.send(ctx, changes)
	}()
	return events
}

func (w *Waiter) send(ctx context.Context, changes chan<- Event) error {
	for {
		event, err := w.Next(ctx)
		if err != nil {
			return unlessOver(err)
		}
		select {
		case changes <- event:
		case <-ctx.Done():
			return nil
		case <-w.core.closing:
			return nil
		}
	}
}

// unlessOver returns nil for the regular end of a watch.
func unlessOver(err error) error {
	for _, end := range []error{io.EOF, ErrTimeout, ErrCanceled, os.ErrClosed} {
		if errors.Is(err, end) {
			return nil
		}
	}
	return err
}
