// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"runtime"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Settings are the options of a [Waiter]. The zero value has the defaults.
type Settings struct {
	// MinInterval and MaxInterval bound the interval between two probes, which otherwise
	// grow with the time already waited.
	MinInterval, MaxInterval time.Duration
	// AttemptLimit is how long one attempt to connect may stay without an answer before
	// it counts as silent: by default one second.
	AttemptLimit time.Duration
	// Family selects the addresses of the hosts that are probed.
	Family Family
	// RetryNames looks up names that do not exist again until the deadline, for example
	// for a container that has not started yet.
	RetryNames bool
	// PID is a process whose exit ends a wait with ErrGone.
	PID int
	// Owner is a process: only its listeners and those of its descendants count. Another
	// listener has ReasonOtherOwner. For addresses of this machine only.
	Owner int
	// Evidence is what proves that a port is occupied.
	Evidence Evidence
	// Stable is how long a connection must stay open before its address counts as occupied.
	// A container proxy, or a port forward, accepts and closes at once if nothing is
	// behind it.
	Stable time.Duration
}

// Waiter has any number of targets, each with a wanted state, for one wait. One goroutine at a time may wait
// on it or change it; another one is refused with [ErrInvalid]. The methods of the targets, and Close, may be
// called concurrently.
type Waiter struct {
	core    *core
	targets []*Target
}

// NewWaiter creates a waiter without targets. Release it by Close.
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
	note(w.core.native.Set_owner(int64(settings.Owner)))
	note(w.core.native.Set_evidence(int(settings.Evidence)))
	note(w.core.native.Set_stable(wholeUnits(settings.Stable, time.Millisecond)))
	return err
}

// AddOccupied adds a target that is to become occupied.
func (w *Waiter) AddOccupied(host string, port int) (*Target, error) {
	return w.Add(host, port, StateOccupied)
}

// AddFree adds a target that is to become free.
func (w *Waiter) AddFree(host string, port int) (*Target, error) {
	return w.Add(host, port, StateFree)
}

// Add adds a target with its wanted state.
func (w *Waiter) Add(host string, port int, wanted State) (*Target, error) {
	return w.added(host, port, func() int { return w.core.native.Add(host, port, int(wanted)) })
}

// Watch adds a target whose changes Next and Events report. WaitAll and WaitAny do not wait for it.
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
	if err := failure(briefly(add), at, w.core.message, w.core.native.Errno); err != nil {
		return nil, err
	}
	target := &Target{Host: host, Port: port, core: w.core, index: len(w.targets)}
	w.targets = append(w.targets, target)
	return target, nil
}

// Targets returns all targets, in the order in which they were added.
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

// WaitAll waits until all targets have reached their states. If they do not, the error has a line for each
// target that has not.
func (w *Waiter) WaitAll(ctx context.Context) error {
	return w.run(ctx, native.ALL)
}

// WaitAny waits until one of the targets has reached its state, and returns those that have.
func (w *Waiter) WaitAny(ctx context.Context) ([]*Target, error) {
	if err := w.run(ctx, native.ANY); err != nil {
		return nil, err
	}
	var those []*Target
	for _, target := range w.Targets() {
		if target.Reached() {
			those = append(those, target)
		}
	}
	return those, nil
}

func (w *Waiter) run(ctx context.Context, mode int) error {
	return w.core.wait(ctx, func(left limit) int { return waits.run(ctx, w.core, mode, left) })
}

// Probe probes every target once, regardless of its wanted state. [Target.State] then returns the result. The
// deadline of the context, if any, replaces Settings.AttemptLimit. Probe fails with [ErrTimeout] if the state
// of a target cannot be determined.
func (w *Waiter) Probe(ctx context.Context) error {
	return w.core.block(ctx, func(left limit) int { return w.core.native.Probe(attemptLimit(left)) })
}

// AssertFree probes every target once, regardless of its wanted state, and fails with [ErrNotFree] if one is
// occupied. The deadline of the context, if any, replaces Settings.AttemptLimit.
func (w *Waiter) AssertFree(ctx context.Context) error {
	return w.core.block(ctx, func(left limit) int { return w.core.native.Assert_free(attemptLimit(left)) })
}

// attemptLimit returns 0, which keeps the limit of the settings, if the context has no deadline.
func attemptLimit(left limit) int64 {
	if ms := left(); ms != int64(native.FOREVER) {
		return ms
	}
	return 0
}

// Reset prepares a waiter for another wait: the state of each target is unknown again. During a
// wait it is refused with [ErrInvalid].
func (w *Waiter) Reset() error {
	w.core.mu.Lock()
	defer w.core.mu.Unlock()
	switch {
	case w.core.closed:
		return errClosed
	case w.core.waiting:
		return w.core.busy()
	}
	return w.core.reset()
}

// Close releases the waiter. A wait that is under way ends with [ErrCanceled].
func (w *Waiter) Close() error {
	w.core.close()
	return nil
}

// wholeUnits rounds away from 0, which stands for an option that is not set.
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
