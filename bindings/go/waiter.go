// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"runtime"
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
	core    *core
	targets []*Target
}

// NewWaiter makes a waiter without targets, to be ended by Close.
func NewWaiter(settings Settings) (*Waiter, error) {
	w := newWaiter(place{})
	if err := w.set(settings); err != nil {
		w.Close()
		return nil, err
	}
	runtime.SetFinalizer(w.core, (*core).close)
	return w, nil
}

func newWaiter(at place) *Waiter { return &Waiter{core: newCore(at)} }

func (w *Waiter) set(settings Settings) (err error) {
	note := func(status int) {
		if err == nil {
			err = w.core.check(status)
		}
	}
	note(w.core.native.Set_interval(wholeUnits(settings.MinInterval, time.Microsecond),
		wholeUnits(settings.MaxInterval, time.Microsecond)))
	if limit := wholeUnits(settings.AttemptLimit, time.Millisecond); limit != 0 {
		note(w.core.native.Set_attempt_limit(limit))
	}
	note(w.core.native.Set_family(int(settings.Family)))
	note(w.core.native.Set_name_retry(flag(settings.RetryNames)))
	note(w.core.native.Set_pid(int64(settings.PID)))
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
	return w.added(host, port, func() int { return w.core.native.Add(host, port, int(wanted)) })
}

// Watch adds a target that Next and Events tell of, and that nothing waits for.
func (w *Waiter) Watch(host string, port int) (*Target, error) {
	return w.added(host, port, func() int { return w.core.native.Watch(host, port) })
}

func (w *Waiter) added(host string, port int, add func() int) (*Target, error) {
	at := place{host, port}
	if err := checkPort(at); err != nil {
		return nil, err
	}
	w.core.mu.Lock()
	defer w.core.mu.Unlock()
	if w.core.closed {
		return nil, errClosed
	}
	if err := failure(add(), at, w.core.native.Message); err != nil {
		return nil, err
	}
	target := &Target{Host: host, Port: port, core: w.core, index: len(w.targets)}
	w.targets = append(w.targets, target)
	return target, nil
}

// Targets are all that were added, in that order.
func (w *Waiter) Targets() []*Target {
	w.core.mu.Lock()
	defer w.core.mu.Unlock()
	return append([]*Target(nil), w.targets...)
}

func (w *Waiter) target(index int) *Target {
	w.core.mu.Lock()
	defer w.core.mu.Unlock()
	return w.targets[index]
}

// WaitAll waits until all targets have reached their states. If they do not, the error has
// a line for each that is missing.
func (w *Waiter) WaitAll(ctx context.Context) error {
	return w.core.wait(ctx, func(limit int64) int { return w.core.native.Run(native.ALL, limit) })
}

// WaitAny waits until one of the targets has reached its state, and tells which have.
func (w *Waiter) WaitAny(ctx context.Context) ([]*Target, error) {
	err := w.core.wait(ctx, func(limit int64) int { return w.core.native.Run(native.ANY, limit) })
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
	return w.core.wait(ctx, func(limit int64) int {
		if limit == int64(native.FOREVER) {
			limit = 0 // which is the limit of an attempt
		}
		return w.core.native.Assert_free(limit)
	})
}

// Reset makes a waiter fit for another wait from the start: each target is unknown again.
func (w *Waiter) Reset() error {
	w.core.mu.Lock()
	defer w.core.mu.Unlock()
	if w.core.closed {
		return errClosed
	}
	w.core.canceled = false
	return w.core.check(w.core.native.Reset())
}

// Close ends the waiter, and the wait on it, if any, with [ErrCanceled].
func (w *Waiter) Close() error {
	w.core.close()
	return nil
}

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
