// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
	"github.com/portend/portend/bindings/go/internal/direct"
)

const (
	rounds = 2000
	// Bytes per round. The smallest object that could leak is a waiter, with more than a kilobyte.
	tolerated = 100
)

func entries(t *testing.T, folder string) int {
	t.Helper()
	found, err := os.ReadDir(folder)
	must(t, err)
	return len(found)
}

// leavesNothing repeats the work. Go keeps threads for the next calls, and the allocator of C keeps memory
// for them. So both are counted after their number has settled.
func leavesNothing(t *testing.T, rounds int, work func()) {
	t.Helper()
	goroutines := runtime.NumGoroutine()
	for round := 0; round < rounds/10+20; round++ {
		work()
	}
	collect(t, goroutines)
	fds, threads, memory := entries(t, "/proc/self/fd"), entries(t, "/proc/self/task"), direct.Allocated()
	for round := 0; round < rounds; round++ {
		work()
	}
	collect(t, goroutines)
	equal(t, entries(t, "/proc/self/fd"), fds)
	// On a busy machine, some threads may have been busy at the same time; a leak would be one per round.
	if more := entries(t, "/proc/self/task") - threads; more > rounds/20 {
		t.Errorf("%d threads more", more)
	}
	grown := direct.Allocated() - memory
	t.Logf("%d bytes more after %d rounds", grown, rounds)
	if grown > tolerated*rounds {
		t.Errorf("%d bytes more", grown)
	}
}

// collect waits until all goroutines of the work have ended.
func collect(t *testing.T, goroutines int) {
	t.Helper()
	runtime.GC()
	waitUntil(t, func() bool { return runtime.NumGoroutine() <= goroutines })
	runtime.GC()
}

func TestP37WaitsInVainLeaveNothing(t *testing.T) {
	number := closedPort(t)
	leavesNothing(t, rounds, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 0)
		defer cancel()
		fails(t, portend.Occupied(ctx, "127.0.0.1", number), portend.ErrTimeout)
	})
}

func TestP37CanceledWaitsLeaveNothing(t *testing.T) {
	number := closedPort(t)
	leavesNothing(t, rounds, func() {
		ctx, cancel := context.WithCancel(context.Background())
		timer := time.AfterFunc(time.Millisecond, cancel)
		defer timer.Stop()
		fails(t, portend.WaitAll(ctx, portend.StateOccupied, at(number), at(number)), portend.ErrCanceled)
	})
}

func TestP37AWatchThatIsLeftLeavesNothing(t *testing.T) {
	number := closedPort(t)
	leavesNothing(t, rounds, func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		watch, err := portend.Watch(ctx, at(number))
		must(t, err)
		equal(t, (<-watch.C).State, portend.StateFree)
	})
}

func TestP37AWaiterThatNobodyHasAnyMoreLeavesNothing(t *testing.T) {
	number := closedPort(t)
	waits := func() {
		waiter, err := portend.NewWaiter(portend.Settings{})
		must(t, err)
		add(t)(waiter.AddFree("127.0.0.1", number))
		must(t, waiter.WaitAll(context.Background()))
	}
	memory := direct.Allocated()
	for round := 0; round < rounds; round++ {
		waits()
	}
	waitUntil(t, func() bool {
		runtime.GC()
		return direct.Allocated()-memory < tolerated*rounds
	})
}

func TestP37RefusedArgumentsLeaveNothing(t *testing.T) {
	leavesNothing(t, rounds, func() {
		ctx := context.Background()
		fails(t, portend.Occupied(ctx, "a\x00b", 80), portend.ErrInvalid)
		fails(t, portend.Occupied(ctx, "127.0.0.1", 70000), portend.ErrInvalid)
		fails(t, portend.WaitAll(ctx, portend.StateFree, "::1:80"), portend.ErrInvalid)
		_, err := portend.NewWaiter(portend.Settings{PID: -1})
		fails(t, err, portend.ErrInvalid)
		_, err = portend.Finder{Prefer: []int{0}}.Reserve()
		fails(t, err, portend.ErrInvalid)
	})
}

func TestP37NamesThatDoNotExistLeaveNothing(t *testing.T) {
	leavesNothing(t, rounds/10, func() {
		fails(t, portend.Occupied(context.Background(), noName, 80), portend.ErrResolve)
	})
}

func TestP37PortsAndSnapshotsLeaveNothing(t *testing.T) {
	leavesNothing(t, rounds/10, func() {
		reservation, err := portend.Reserve("")
		must(t, err)
		listeners, err := reservation.Listeners()
		must(t, err)
		for _, listener := range listeners {
			must(t, listener.Close())
		}
		_, err = portend.ListenersOn(reservation.Port)
		must(t, err)
		must(t, reservation.Close())
		_, err = portend.Finder{Prefer: []int{reservation.Port}}.FindMany(2)
		must(t, err)
	})
}
