// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Settings are how a [Waiter] looks. The zero value is good for most.
type Settings struct {
	// MinInterval and MaxInterval bound the pauses between two looks, which otherwise
	// grow with the time already waited.
	MinInterval, MaxInterval time.Duration
	// AttemptLimit is how long one attempt to connect may stay without an answer before
	// it counts as silent: a second unless set.
	AttemptLimit time.Duration
	// Family is which addresses of the hosts are looked at.
	Family Family
	// RetryNames has names that do not exist looked up again until the deadline, as for
	// a container that has not started yet.
	RetryNames bool
	// PID is a process whose death ends a wait with ErrGone.
	PID int
}

// Waiter holds any number of targets, each with the state that is wanted of it, for one
// wait. One goroutine at a time may wait on it or change it; another one is refused with
// [ErrInvalid]. Asking the targets, and Close, are welcome meanwhile.
type Waiter struct {
	native  native.Waiter
	closing chan struct{}
	at      place // where it has one target only

	mu       sync.Mutex
	targets  []*Target
	waiting  bool
	canceled bool // C stays canceled until it is reset
	closed   bool
	ended    bool // native is gone
}

// NewWaiter makes a waiter without targets, to be ended by Close.
func NewWaiter(settings Settings) (*Waiter, error) {
	w := newWaiter(place{})
	if err := w.set(settings); err != nil {
		w.Close()
		return nil, err
	}
	runtime.SetFinalizer(w, (*Waiter).Close)
	return w, nil
}

func newWaiter(at place) *Waiter {
	return &Waiter{native: native.NewWaiter(), closing: make(chan struct{}), at: at}
}

func (w *Waiter) set(settings Settings) (err error) {
	note := func(status int) {
		if err == nil {
			err = w.check(status)
		}
	}
	note(w.native.Set_interval(wholeUnits(settings.MinInterval, time.Microsecond),
		wholeUnits(settings.MaxInterval, time.Microsecond)))
	if limit := wholeUnits(settings.AttemptLimit, time.Millisecond); limit != 0 {
		note(w.native.Set_attempt_limit(limit))
	}
	note(w.native.Set_family(int(settings.Family)))
	note(w.native.Set_name_retry(flag(settings.RetryNames)))
	note(w.native.Set_process(int64(settings.PID)))
	return err
}

// Occupied adds a target that is wanted to be occupied.
func (w *Waiter) Occupied(host string, port int) (*Target, error) {
	return w.Add(host, port, StateOccupied)
}

// Free adds a target that is wanted to be free.
func (w *Waiter) Free(host string, port int) (*Target, error) {
	return w.Add(host, port, StateFree)
}

// Add adds a target and the state that is wanted of it.
func (w *Waiter) Add(host string, port int, wanted State) (*Target, error) {
	return w.added(host, port, func() int { return w.native.Add(host, port, int(wanted)) })
}

// Watch adds a target that Next and Events tell of, and that nothing waits for.
func (w *Waiter) Watch(host string, port int) (*Target, error) {
	return w.added(host, port, func() int { return w.native.Watch(host, port) })
}

func (w *Waiter) added(host string, port int, add func() int) (*Target, error) {
	at := place{host, port}
	if err := checkPort(at); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errClosed
	}
	if err := failure(add(), at, w.native.Message); err != nil {
		return nil, err
	}
	target := &Target{Host: host, Port: port, waiter: w, index: len(w.targets)}
	w.targets = append(w.targets, target)
	return target, nil
}

// Targets are all that were added, in that order.
func (w *Waiter) Targets() []*Target {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*Target(nil), w.targets...)
}

// WaitAll waits until all targets have reached their states. If they do not, the error has
// a line for each that is missing.
func (w *Waiter) WaitAll(ctx context.Context) error {
	return w.wait(ctx, func(limit int64) int { return w.native.Run(native.ALL, limit) })
}

// WaitAny waits until one of the targets has reached its state, and tells which have.
func (w *Waiter) WaitAny(ctx context.Context) ([]*Target, error) {
	err := w.wait(ctx, func(limit int64) int { return w.native.Run(native.ANY, limit) })
	if err != nil {
		return nil, err
	}
	return w.reached(), nil
}

func (w *Waiter) reached() []*Target {
	var those []*Target
	for _, target := range w.Targets() {
		if target.Reached() {
			those = append(those, target)
		}
	}
	return those
}

// AssertFree looks once at every address of the targets, and fails with [ErrNotFree] if
// one accepts, whatever is wanted of them. The deadline of the context, if it has one,
// takes the place of Settings.AttemptLimit.
func (w *Waiter) AssertFree(ctx context.Context) error {
	return w.wait(ctx, func(limit int64) int {
		if limit == int64(native.FOREVER) {
			limit = 0 // which is the limit of an attempt
		}
		return w.native.Assert_free(limit)
	})
}

// Reset makes a waiter fit for another wait from the start: each target is unknown again.
func (w *Waiter) Reset() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	w.canceled = false
	return w.check(w.native.Reset())
}

// Close ends the waiter, and the wait on it, if any, with [ErrCanceled].
func (w *Waiter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed = true
	close(w.closing)
	runtime.SetFinalizer(w, nil)
	if w.waiting {
		w.native.Cancel() // end does the rest
	} else {
		w.destroy()
	}
	return nil
}

// destroy is called with the lock held, or before anybody else knows the waiter.
func (w *Waiter) destroy() {
	w.ended = true
	native.DeleteWaiter(w.native)
}

func (w *Waiter) check(status int) error { return failure(status, w.at, w.native.Message) }

// wholeUnits rounds away from 0, which stands for what is not set.
func wholeUnits(duration, unit time.Duration) int64 {
	units := duration / unit
	if rest := duration % unit; rest > 0 {
		units++
	} else if rest < 0 {
		units--
	}
	return int64(units)
}

func flag(set bool) int {
	if set {
		return 1
	}
	return 0
}
