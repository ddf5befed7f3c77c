// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Event is a change of state of one target.
type Event struct {
	Target *Target
	State  State
	Reason Reason
	// Address is the one that decided; not valid if none did.
	Address netip.Addr
	// Time is when it was seen.
	Time time.Time
	// Monotonic is the same moment of a clock that nobody sets (CLOCK_MONOTONIC).
	Monotonic time.Duration
}

// Next waits for the next change of state of any target: each change once and in order, the
// first being what is found. It fails with io.EOF when all targets have reached what was
// wanted of them and been told, and with [ErrTimeout] when the context has no more time:
// then another Next goes on where it was left. After a context that was canceled it begins
// anew.
func (w *Waiter) Next(ctx context.Context) (Event, error) {
	seen := native.NewEvent()
	defer native.DeleteEvent(seen)
	err := w.core.wait(ctx, func(limit int64) int { return w.core.native.Next(limit, seen) })
	if err != nil {
		if errors.Is(err, ErrInvalid) && w.isComplete() {
			err = io.EOF
		}
		return Event{}, err
	}
	return Event{
		Target:    w.target(seen.GetTarget()),
		State:     State(seen.GetState()),
		Reason:    Reason(seen.GetReason()),
		Address:   address(seen.GetAddress()),
		Time:      time.Unix(0, seen.GetRealtime_ns()),
		Monotonic: time.Duration(seen.GetMonotonic_ns()),
	}, nil
}

// isComplete reports whether all targets have reached what was wanted of them.
func (w *Waiter) isComplete() bool {
	count := len(w.Targets())
	return count > 0 && len(w.reached()) == count
}

// Events are the changes of state of targets, as they come.
type Events struct {
	// C is closed when there are no more: when the context is done, when all targets
	// have reached what was wanted of them, when the waiter is closed, and by a failure.
	C <-chan Event

	err error
}

// Err is the failure that has closed C, if it was one.
func (e *Events) Err() error { return e.err }

// Events tells what Next tells by a channel, from a goroutine that ends with the context.
// Nobody else can wait on the waiter meanwhile.
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

// unlessOver is nil for what ends a watch as it should.
func unlessOver(err error) error {
	for _, end := range []error{io.EOF, ErrTimeout, ErrCanceled, os.ErrClosed} {
		if errors.Is(err, end) {
			return nil
		}
	}
	return err
}
