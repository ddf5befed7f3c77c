// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
	"github.com/portend/portend/bindings/go/internal/direct"
)

func at(number int) string { return fmt.Sprintf("127.0.0.1:%d", number) }

func TestP28AllTargetsMustReachTheirStates(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	port := hold(t)
	add(t)(waiter.AddOccupied("127.0.0.1", server(t)))
	late := add(t)(waiter.AddOccupied("localhost", port.number))
	add(t)(waiter.AddFree("127.0.0.1", closedPort(t)))
	after(t, soon, port.listen)
	took(t, almost, func() { must(t, waiter.WaitAll(within(t, long))) })
	for _, target := range waiter.Targets() {
		equal(t, target.Reached(), true)
	}
	equal(t, late.Elapsed() > soon/2, true)
}

func TestP54AGapIsAnErrorThatNamesIt(t *testing.T) {
	up := at(server(t))
	for index, targets := range [][]string{{"", up}, {up, "", up}, {up, up, ""}} {
		_, anyOf := portend.WaitAny(within(t, long), portend.StateOccupied, targets...)
		_, watched := portend.Watch(within(t, long), targets...)
		for _, err := range []error{portend.WaitAll(within(t, long), portend.StateOccupied, targets...), anyOf, watched} {
			fails(t, err, portend.ErrInvalid)
			equal(t, strings.HasPrefix(err.Error(), fmt.Sprintf("Target %d is empty", index)), true)
		}
	}
}

func TestP28AFailureHasALineForEachThatDidNot(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	up, down := server(t), closedPort(t)
	add(t)(waiter.AddFree("127.0.0.1", up))
	add(t)(waiter.AddOccupied("127.0.0.1", down))
	add(t)(waiter.AddOccupied("127.0.0.1", up))
	err := waiter.WaitAll(expired(t))
	fails(t, err, portend.ErrTimeout)
	wanted := direct.Sentence("free", "127.0.0.1", up, 0) + "\n" +
		strings.TrimSuffix(direct.Sentence("occupied", "127.0.0.1", down, 0), oneProbe()+")")
	if !strings.HasPrefix(err.Error(), wanted) || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("%q instead of %q", err, wanted)
	}
	var own *portend.Error
	equal(t, errors.As(err, &own) && own.Host == "" && own.Port == 0, true)
}

func TestP28TargetsOfOneStateAsTexts(t *testing.T) {
	number := server(t)
	there := []string{at(number), fmt.Sprintf("localhost:%d", number), fmt.Sprintf("[::1]:%d", number)}
	must(t, portend.WaitAll(within(t, long), portend.StateOccupied, there...))
	err := portend.WaitAll(expired(t), portend.StateFree, there...)
	fails(t, err, portend.ErrTimeout)
	equal(t, len(strings.Split(err.Error(), "\n")), 3)
}

func TestP28NoTargetIsAnError(t *testing.T) {
	fails(t, portend.WaitAll(within(t, long), portend.StateFree), portend.ErrInvalid)
	_, err := portend.WaitAny(within(t, long), portend.StateFree)
	fails(t, err, portend.ErrInvalid)
	waiter := newWaiter(t, portend.Settings{})
	add(t)(waiter.Watch("127.0.0.1", closedPort(t)))
	fails(t, waiter.WaitAll(within(t, long)), portend.ErrInvalid)
}

func TestP28AWaiterCanWaitAgain(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	port := hold(t)
	target := add(t)(waiter.AddFree("127.0.0.1", port.number))
	must(t, waiter.WaitAll(within(t, long)))
	port.listen()
	fails(t, waiter.WaitAll(expired(t)), portend.ErrTimeout)
	must(t, waiter.Reset())
	equal(t, target.State(), portend.StateUnknown)
	equal(t, target.Reached(), false)
}

func TestP29AnyTargetIsEnoughAndItIsToldWhich(t *testing.T) {
	port, down := hold(t), closedPort(t)
	there := []string{at(down), at(port.number)}
	after(t, soon, port.listen)
	took(t, almost, func() {
		up, err := portend.WaitAny(within(t, long), portend.StateOccupied, there...)
		must(t, err)
		equal(t, strings.Join(up, " "), there[1])
	})
	waiter := newWaiter(t, portend.Settings{})
	add(t)(waiter.AddOccupied("127.0.0.1", down))
	wanted := add(t)(waiter.AddOccupied("127.0.0.1", port.number))
	up, err := waiter.WaitAny(within(t, long))
	must(t, err)
	equal(t, len(up) == 1 && up[0] == wanted, true)
	up, err = newWaiter(t, portend.Settings{}).WaitAny(within(t, long))
	fails(t, err, portend.ErrInvalid)
	equal(t, len(up), 0)
}

func TestP30AWatchTellsEachChangeOnceAndInOrder(t *testing.T) {
	port := hold(t)
	began := direct.Monotonic()
	watch, err := portend.Watch(within(t, long), at(port.number))
	must(t, err)
	var seen []portend.Event
	for _, change := range []func(){port.listen, port.close, func() {}} {
		seen = append(seen, <-watch.C)
		change()
	}
	for index, state := range []portend.State{portend.StateFree, portend.StateOccupied, portend.StateFree} {
		event := seen[index]
		equal(t, event.State, state)
		equal(t, event.Address, netip.MustParseAddr("127.0.0.1"))
		equal(t, event.Target.Port, port.number)
		equal(t, began < event.Monotonic && event.Monotonic <= direct.Monotonic(), true)
		began = event.Monotonic
	}
	equal(t, seen[0].Reason, portend.ReasonRefused)
	equal(t, seen[2].Reason, portend.ReasonRefused)
	if passed := time.Since(seen[2].Time); passed < 0 || passed > long {
		t.Errorf("seen %v ago", passed)
	}
}

func TestP30AWatchEndsWithItsContext(t *testing.T) {
	number := closedPort(t)
	for _, begin := range []func() context.Context{
		func() context.Context { return within(t, soon) },
		func() context.Context {
			ctx, cancel := context.WithCancel(context.Background())
			after(t, soon, cancel)
			return ctx
		},
	} {
		ctx := begin()
		watch, err := portend.Watch(ctx, at(number))
		must(t, err)
		equal(t, (<-watch.C).State, portend.StateFree)
		_, more := <-watch.C
		equal(t, more, false)
		must(t, watch.Err())
		equal(t, ctx.Err() != nil, true)
	}
}

func TestP30AWatchThatNobodyReadsEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	watch, err := portend.Watch(ctx, at(closedPort(t)))
	must(t, err)
	time.Sleep(soon / 3)
	cancel()
	waitUntil(t, func() bool {
		_, more := <-watch.C
		return !more
	})
	must(t, watch.Err())
}

func TestP30EventsTellWhyTheyHaveFailed(t *testing.T) {
	process := exec.Command("sleep", "60")
	must(t, process.Start())
	waiter := newWaiter(t, portend.Settings{PID: process.Process.Pid})
	add(t)(waiter.Watch("127.0.0.1", closedPort(t)))
	events := waiter.Events(within(t, long))
	equal(t, (<-events.C).State, portend.StateFree)
	must(t, process.Process.Kill())
	_, more := <-events.C
	equal(t, more, false)
	fails(t, events.Err(), portend.ErrGone)
	process.Wait()
}

func TestP30EventsEndWhenAllIsReached(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	port := hold(t)
	add(t)(waiter.AddFree("127.0.0.1", closedPort(t)))
	late := add(t)(waiter.AddOccupied("127.0.0.1", port.number))
	after(t, soon, port.listen)
	var states []portend.State
	events := waiter.Events(context.Background())
	for event := range events.C {
		if event.Target == late {
			states = append(states, event.State)
		}
	}
	must(t, events.Err())
	equal(t, fmt.Sprint(states), "[free occupied]")
	_, err := waiter.Next(within(t, long))
	fails(t, err, io.EOF)
}

func TestP30AWatchGoesOnWhereItWasLeft(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	port := hold(t)
	add(t)(waiter.Watch("127.0.0.1", port.number))
	next := func(ctx context.Context) portend.State {
		event, err := waiter.Next(ctx)
		if err != nil {
			fails(t, err, portend.ErrTimeout)
		}
		return event.State
	}
	equal(t, next(within(t, long)), portend.StateFree)
	equal(t, next(within(t, soon)), portend.StateUnknown)
	port.listen()
	equal(t, next(within(t, long)), portend.StateOccupied)
	_, err := newWaiter(t, portend.Settings{}).Next(within(t, long))
	fails(t, err, portend.ErrInvalid)
}

func TestP30ClosingAWaiterEndsItsEvents(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	add(t)(waiter.Watch("127.0.0.1", closedPort(t)))
	events := waiter.Events(context.Background())
	<-events.C
	must(t, waiter.Close())
	_, more := <-events.C
	equal(t, more, false)
	must(t, events.Err())
}

func TestP32TheFamilyArrives(t *testing.T) {
	_, number := listenOn(t, "[::1]:0")
	for family, reached := range map[portend.Family]bool{
		portend.FamilyIPv6: true, portend.FamilyIPv4: false, portend.FamilyAny: true,
	} {
		waiter := newWaiter(t, portend.Settings{Family: family})
		target := add(t)(waiter.AddOccupied("localhost", number))
		err := waiter.WaitAll(expired(t))
		equal(t, target.Reached(), reached)
		equal(t, err == nil, reached)
	}
}

func TestP32TheIntervalArrives(t *testing.T) {
	number := closedPort(t)
	probes := func(shortest, longest time.Duration) int64 {
		waiter := newWaiter(t, portend.Settings{MinInterval: shortest, MaxInterval: longest})
		target := add(t)(waiter.AddOccupied("127.0.0.1", number))
		fails(t, waiter.WaitAll(within(t, 500*time.Millisecond)), portend.ErrTimeout)
		return target.Probes()
	}
	slow := probes(200*time.Millisecond, 200*time.Millisecond)
	equal(t, slow <= 8, true)
	equal(t, probes(0, time.Millisecond) >= 20, true)
	equal(t, probes(0, 20*time.Millisecond) > slow, true)
}

func TestP32TheLimitOfAnAttemptArrives(t *testing.T) {
	said, err := childCommand(t, "waitsOnce", inSilence(t)).Output()
	must(t, err)
	var reason string
	var elapsed time.Duration
	fmt.Sscan(string(said), &reason, (*int64)(&elapsed))
	equal(t, reason, "silent")
	equal(t, elapsed >= soon && elapsed < 3*soon, true)
}

func init() {
	children["waitsOnce"] = func([]string) {
		waiter, _ := portend.NewWaiter(portend.Settings{AttemptLimit: soon})
		target, _ := waiter.AddFree(silentHost, 80)
		ctx, cancel := context.WithTimeout(context.Background(), 0)
		defer cancel()
		if err := waiter.WaitAll(ctx); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(target.Reason(), int64(target.Elapsed()))
	}
}

func TestP32ASettingOutOfRangeIsRefused(t *testing.T) {
	for _, settings := range []portend.Settings{
		{MinInterval: 2 * time.Second, MaxInterval: time.Second},
		{MaxInterval: time.Nanosecond}, {MaxInterval: 1e6 * time.Hour}, {MinInterval: -1},
		{AttemptLimit: -1}, {AttemptLimit: 2 * time.Hour}, {Family: 5}, {Family: 1<<32 + 4},
		{PID: -1}, {PID: 1 << 40},
	} {
		_, err := portend.NewWaiter(settings)
		fails(t, err, portend.ErrInvalid)
	}
}
