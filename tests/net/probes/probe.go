// SPDX-License-Identifier: MIT

// Probes targets with all functions of the Go binding.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/portend/portend/bindings/go"
)

// within calls a function with a context that has a deadline.
func within(limit time.Duration, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return call(ctx)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func statesOf(target string) (states []portend.State, err error) {
	err = within(200*time.Millisecond, func(ctx context.Context) error {
		watch, err := portend.Watch(ctx, target)
		if err != nil {
			return err
		}
		for event := range watch.C {
			states = append(states, event.State)
		}
		return nil
	})
	return states, err
}

func probe(target string) {
	host, port, err := portend.ParseTarget(target)
	must(err)
	occupied := func(ctx context.Context) error { return portend.Occupied(ctx, host, port) }
	assertFree := func(ctx context.Context) error { return portend.AssertFree(ctx, host, port) }
	free := func(ctx context.Context) error { return portend.Free(ctx, host, port) }
	for i := 0; i < 3; i++ {
		must(within(10*time.Second, occupied))
		if err := within(10*time.Second, assertFree); !errors.Is(err, portend.ErrNotFree) {
			must(fmt.Errorf("%s is free: %v", target, err))
		}
	}
	if err := within(200*time.Millisecond, free); !errors.Is(err, portend.ErrTimeout) {
		must(fmt.Errorf("%s is free: %v", target, err))
	}
	must(within(10*time.Second, func(ctx context.Context) error {
		return portend.WaitAll(ctx, portend.StateOccupied, target)
	}))
	states, err := statesOf(target)
	must(err)
	if len(states) != 1 || states[0] != portend.StateOccupied {
		must(fmt.Errorf("%s: %v", target, states))
	}
}

func main() {
	for _, target := range os.Args[1:] {
		probe(target)
	}
}
