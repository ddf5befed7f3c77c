// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"net"
	"os"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
)

func TestP48BindableWaitsUntilAServerCanListen(t *testing.T) {
	listener, number := listenOn(t, "127.0.0.1:0")
	is(t, false)(portend.IsBindable(context.Background(), "127.0.0.1", number))
	fails(t, portend.Bindable(within(t, soon), "127.0.0.1", number), portend.ErrTimeout)
	after(t, soon, func() { listener.Close() })
	took(t, almost, func() { must(t, portend.Bindable(within(t, long), "127.0.0.1", number)) })
	is(t, true)(portend.IsBindable(context.Background(), "127.0.0.1", number))
}

func TestP59OneQuestionTellsWhetherAPortIsBindable(t *testing.T) {
	listener, number := listenOn(t, "127.0.0.1:0")
	is(t, false)(portend.IsBindable(context.Background(), "127.0.0.1", number))
	is(t, true)(portend.IsBindable(context.Background(), "::1", number))
	listener.Close()
	is(t, true)(portend.IsBindable(context.Background(), "127.0.0.1", number))
	_, err := portend.IsBindable(context.Background(), "192.0.2.1", 80)
	fails(t, err, portend.ErrUnsupported)
}

func TestP48BindableOfAnotherMachineIsNotSupported(t *testing.T) {
	fails(t, portend.Bindable(within(t, long), "192.0.2.1", 80), portend.ErrUnsupported)
}

func TestP48DrainedWaitsUntilNoConnectionIsLeft(t *testing.T) {
	listener, number := listenOn(t, "127.0.0.1:0")
	client, err := net.Dial("tcp", at(number))
	must(t, err)
	served, err := listener.Accept()
	must(t, err)
	listener.Close()
	waiter := newWaiter(t, portend.Settings{})
	target := add(t)(waiter.Add("127.0.0.1", number, portend.StateDrained))
	fails(t, waiter.WaitAll(within(t, soon)), portend.ErrTimeout)
	equal(t, target.Reason(), portend.ReasonConnected)
	served.Close()
	client.Close()
	must(t, portend.Drained(within(t, long), "127.0.0.1", number))
}

func TestProbeReturnsTheState(t *testing.T) {
	_, onIPv4 := listenOn(t, "127.0.0.1:0")
	for number, wanted := range map[int]portend.State{
		server(t): portend.StateOccupied, closedPort(t): portend.StateFree, onIPv4: portend.StateOccupied,
	} {
		state, err := portend.Probe(context.Background(), "localhost", number)
		must(t, err)
		equal(t, state, wanted)
	}
	state, err := portend.Probe(context.Background(), noName, 80)
	fails(t, err, portend.ErrResolve)
	equal(t, state, portend.StateUnknown)
}

func TestProbeAsksForEveryTarget(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	up := add(t)(waiter.AddFree("127.0.0.1", server(t)))
	down := add(t)(waiter.Watch("127.0.0.1", closedPort(t)))
	must(t, waiter.Probe(context.Background()))
	equal(t, up.State(), portend.StateOccupied)
	equal(t, down.State(), portend.StateFree)
}

func TestP45TheOwnerArrives(t *testing.T) {
	_, number := listenOn(t, "127.0.0.1:0")
	for pid, reached := range map[int]bool{os.Getpid(): true, kit.process.Process.Pid: false} {
		waiter := newWaiter(t, portend.Settings{Owner: pid})
		target := add(t)(waiter.AddOccupied("127.0.0.1", number))
		err := waiter.WaitAll(expired(t))
		equal(t, err == nil, reached)
		if !reached {
			equal(t, target.Reason(), portend.ReasonOtherOwner)
		}
	}
}

func TestP47TheEvidenceArrives(t *testing.T) {
	number := server(t)
	for evidence, reason := range map[portend.Evidence]portend.Reason{
		portend.EvidenceTable: portend.ReasonListening, portend.EvidenceConnection: portend.ReasonAccepted,
	} {
		waiter := newWaiter(t, portend.Settings{Evidence: evidence})
		target := add(t)(waiter.AddOccupied("127.0.0.1", number))
		must(t, waiter.WaitAll(within(t, long)))
		equal(t, target.Reason(), reason)
	}
}

func TestP46AStableConnectionStaysOpen(t *testing.T) {
	listener, number := listenOn(t, "127.0.0.1:0")
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			client.Close()
		}
	}()
	waiter := newWaiter(t, portend.Settings{Stable: 50 * time.Millisecond})
	target := add(t)(waiter.AddOccupied("127.0.0.1", number))
	fails(t, waiter.WaitAll(within(t, soon)), portend.ErrTimeout)
	equal(t, target.Reason(), portend.ReasonClosedEarly)

	waiter = newWaiter(t, portend.Settings{Stable: 50 * time.Millisecond})
	add(t)(waiter.AddOccupied("127.0.0.1", server(t)))
	took(t, 50*time.Millisecond, func() { must(t, waiter.WaitAll(within(t, long))) })
}
