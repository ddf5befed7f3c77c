// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"fmt"
)

// Occupied waits until the port is occupied: a server listens on an address of the host. It
// fails with [ErrTimeout] at the deadline of the context, with [ErrResolve] if the host has no
// address, and with [ErrCanceled] when the context is canceled.
func Occupied(ctx context.Context, host string, port int) error {
	return single(host, port, StateOccupied, func(w *Waiter) error { return w.WaitAll(ctx) })
}

// Free waits until no address of the host is occupied. A server of this machine is watched in the
// socket table of the kernel, and gets no connection. Free fails as [Occupied] does.
func Free(ctx context.Context, host string, port int) error {
	return single(host, port, StateFree, func(w *Waiter) error { return w.WaitAll(ctx) })
}

// Bindable waits until a server that sets SO_REUSEADDR, as those of package net do, could listen
// on the port. The host is an address or a name of this machine. Bindable fails as [Occupied]
// does.
func Bindable(ctx context.Context, host string, port int) error {
	return single(host, port, StateBindable, func(w *Waiter) error { return w.WaitAll(ctx) })
}

// Drained waits until the port has no TCP connection any more. The host is an address or a name of
// this machine. Drained fails as [Occupied] does.
func Drained(ctx context.Context, host string, port int) error {
	return single(host, port, StateDrained, func(w *Waiter) error { return w.WaitAll(ctx) })
}

// Probe probes every address of the host once, and returns [StateOccupied] or [StateFree]. The deadline of
// the context limits the look-up of the name, and each attempt to connect; without a deadline the limit is
// one second. Probe fails with [ErrTimeout] if the state cannot be determined.
func Probe(ctx context.Context, host string, port int) (state State, err error) {
	err = single(host, port, StateOccupied, func(w *Waiter) error {
		err := w.Probe(ctx)
		if err == nil {
			state = w.targets[0].State()
		}
		return err
	})
	return state, err
}

// AssertFree probes every address of the host once, and fails with [ErrNotFree] if one is
// occupied. The deadline of the context means the same as for [Probe].
func AssertFree(ctx context.Context, host string, port int) error {
	return single(host, port, StateFree, func(w *Waiter) error { return w.AssertFree(ctx) })
}

// IsFree reports whether the port is free now; see [Probe].
func IsFree(ctx context.Context, host string, port int) (bool, error) {
	state, err := Probe(ctx, host, port)
	return state == StateFree, err
}

// IsOccupied reports whether the port is occupied now; see [Probe].
func IsOccupied(ctx context.Context, host string, port int) (bool, error) {
	state, err := Probe(ctx, host, port)
	return state == StateOccupied, err
}

// IsBindable reports whether a server that sets SO_REUSEADDR, as those of package net do, could
// listen on the port now. The host is an address or a name of this machine.
func IsBindable(ctx context.Context, host string, port int) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 0)
	defer cancel()
	err := Bindable(ctx, host, port)
	if errors.Is(err, ErrTimeout) {
		return false, nil
	}
	return err == nil, err
}

// WaitAll waits until all targets, each as "host:port", are in the state. A target that is empty is refused with
// [ErrInvalid].
func WaitAll(ctx context.Context, wanted State, targets ...string) error {
	w, err := forAll(targets, wanted)
	if err != nil {
		return err
	}
	defer w.Close()
	return w.WaitAll(ctx)
}

// WaitAny waits until one of the targets, each as "host:port", is in the state, and returns
// those that are.
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

// forAll returns a waiter for targets with the same wanted state; for StateUnknown they are watched.
func forAll(targets []string, wanted State) (*Waiter, error) {
	w := newWaiter(place{})
	for index, text := range targets {
		if err := w.addText(index, text, wanted); err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

func (w *Waiter) addText(index int, text string, wanted State) error {
	if text == "" {
		return refusal(place{}, fmt.Sprintf("Target %d is empty (is a variable not set?): give it as \"host:port\".", index))
	}
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
