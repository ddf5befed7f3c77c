// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
)

// Occupied waits until something accepts connections on the port. It fails with
// [ErrTimeout] when the deadline of the context has come, with [ErrResolve] when the host
// has no address, and with [ErrCanceled] when the context is canceled.
func Occupied(ctx context.Context, host string, port int) error {
	return single(host, port, StateOccupied, func(w *Waiter) error { return w.WaitAll(ctx) })
}

// Free waits until nothing accepts connections on the port any more. A server of this
// machine is watched in the kernel's socket table, and gets no connection while it lives.
// It fails as [Occupied] does.
func Free(ctx context.Context, host string, port int) error {
	return single(host, port, StateFree, func(w *Waiter) error { return w.WaitAll(ctx) })
}

// AssertFree looks once at every address of the host, and fails with [ErrNotFree] if one
// accepts. The deadline of the context is how long an attempt may stay without an answer
// before it counts as silent; without one that is a second.
func AssertFree(ctx context.Context, host string, port int) error {
	return single(host, port, StateFree, func(w *Waiter) error { return w.AssertFree(ctx) })
}

// IsFree reports whether nothing accepts connections on the port now, as [AssertFree] does.
func IsFree(ctx context.Context, host string, port int) (bool, error) {
	err := AssertFree(ctx, host, port)
	if errors.Is(err, ErrNotFree) {
		return false, nil
	}
	return err == nil, err
}

// IsOccupied reports whether something accepts connections on the port now.
func IsOccupied(ctx context.Context, host string, port int) (bool, error) {
	err := AssertFree(ctx, host, port)
	if errors.Is(err, ErrNotFree) {
		return true, nil
	}
	return false, err
}

// WaitAll waits until all targets, each as "host:port", are in the state.
func WaitAll(ctx context.Context, wanted State, targets ...string) error {
	w, err := forAll(targets, wanted)
	if err != nil {
		return err
	}
	defer w.Close()
	return w.WaitAll(ctx)
}

// WaitAny waits until one of the targets, each as "host:port", is in the state, and tells
// which are.
func WaitAny(ctx context.Context, wanted State, targets ...string) ([]string, error) {
	w, err := forAll(targets, wanted)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	those, err := w.WaitAny(ctx)
	var texts []string
	for _, target := range those {
		texts = append(texts, targets[target.index])
	}
	return texts, err
}

// Watch watches targets, each as "host:port": see [Waiter.Events].
func Watch(ctx context.Context, targets ...string) (*Events, error) {
	w, err := forAll(targets, StateUnknown)
	if err != nil {
		return nil, err
	}
	return w.events(ctx, w.Close), nil
}

// single waits for one target.
func single(host string, port int, wanted State, wait func(*Waiter) error) error {
	w := newWaiter(place{host, port})
	defer w.Close()
	if _, err := w.Add(host, port, wanted); err != nil {
		return err
	}
	return wait(w)
}

// forAll is a waiter for targets that are all wanted in one state; unknown ones are watched.
func forAll(targets []string, wanted State) (*Waiter, error) {
	w := newWaiter(place{})
	for _, text := range targets {
		if err := w.addText(text, wanted); err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

func (w *Waiter) addText(text string, wanted State) error {
	host, port, err := ParseTarget(text)
	if err != nil {
		return err
	}
	if wanted == StateUnknown {
		_, err = w.Watch(host, port)
	} else {
		_, err = w.Add(host, port, wanted)
	}
	return err
}
