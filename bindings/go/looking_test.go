// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/user"
	"strings"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
)

func TestP19LookingOnceAtAPortInUse(t *testing.T) {
	number := server(t)
	err := portend.AssertFree(context.Background(), "127.0.0.1", number)
	fails(t, err, portend.ErrNotFree)
	if !strings.HasPrefix(err.Error(), fmt.Sprintf("Port %d is in use on 127.0.0.1. (", number)) {
		t.Error(err)
	}
	is(t, true)(portend.IsOccupied(context.Background(), "localhost", number))
	is(t, false)(portend.IsFree(context.Background(), "localhost", number))
}

func is(t *testing.T, wanted bool) func(bool, error) {
	t.Helper()
	return func(answer bool, err error) {
		t.Helper()
		must(t, err)
		equal(t, answer, wanted)
	}
}

func TestP19LookingOnceAtAPortOfNobody(t *testing.T) {
	number := closedPort(t)
	for _, ctx := range []context.Context{context.Background(), within(t, long), expired(t)} {
		must(t, portend.AssertFree(ctx, "localhost", number))
		is(t, true)(portend.IsFree(ctx, "localhost", number))
		is(t, false)(portend.IsOccupied(ctx, "localhost", number))
	}
}

func TestP19WhatCannotBeLookedAtIsNeitherFreeNorOccupied(t *testing.T) {
	for _, look := range []func(context.Context, string, int) (bool, error){
		portend.IsFree, portend.IsOccupied,
	} {
		answer, err := look(context.Background(), noName, 80)
		fails(t, err, portend.ErrResolve)
		equal(t, answer, false)
	}
}

func TestP19LookingOnceAtManyTargets(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	up, down := server(t), closedPort(t)
	add(t)(waiter.AddOccupied("127.0.0.1", down))
	must(t, waiter.AssertFree(context.Background()))
	add(t)(waiter.AddOccupied("127.0.0.1", up))
	fails(t, waiter.AssertFree(context.Background()), portend.ErrNotFree)
}

func newWaiter(t testing.TB, settings portend.Settings) *portend.Waiter {
	t.Helper()
	waiter, err := portend.NewWaiter(settings)
	must(t, err)
	t.Cleanup(func() { waiter.Close() })
	return waiter
}

func add(t testing.TB) func(*portend.Target, error) *portend.Target {
	t.Helper()
	return func(target *portend.Target, err error) *portend.Target {
		t.Helper()
		must(t, err)
		return target
	}
}

func TestP31ATargetTellsWhatIsKnownOfIt(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	number := closedPort(t)
	up := add(t)(waiter.AddOccupied("127.0.0.1", server(t)))
	down := add(t)(waiter.AddOccupied("127.0.0.1", number))
	equal(t, up.State(), portend.StateUnknown)
	equal(t, up.Reason(), portend.ReasonNone)
	equal(t, up.Reached() || up.Address().IsValid() || up.Elapsed() != 0 || up.Probes() != 0, false)

	fails(t, waiter.WaitAll(within(t, soon)), portend.ErrTimeout)
	equal(t, up.State(), portend.StateOccupied)
	equal(t, up.Reason(), listening())
	equal(t, up.Address(), netip.MustParseAddr("127.0.0.1"))
	equal(t, up.Explain(), "")
	equal(t, up.Reached() && up.Probes() >= 1 && up.Elapsed() < soon, true)
	equal(t, down.State(), portend.StateFree)
	equal(t, down.Reason(), portend.ReasonRefused)
	equal(t, !down.Reached() && down.Elapsed() > soon-soon/10, true)
	message := fmt.Sprintf("Port %d not bound on 127.0.0.1. (refused", number)
	equal(t, strings.HasPrefix(down.Explain(), message), true)
	equal(t, len(waiter.Targets()) == 2 && waiter.Targets()[1] == down, true)
}

// listening returns the reason of a listener of this machine.
func listening() portend.Reason {
	if os.Getenv("PORTEND_PROBE") == "connect" {
		return portend.ReasonAccepted
	}
	return portend.ReasonListening
}

func TestP31ATargetOfAClosedWaiterTellsNothing(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	target := add(t)(waiter.AddOccupied("::1", server(t)))
	must(t, waiter.WaitAll(within(t, long)))
	must(t, waiter.Close())
	must(t, waiter.Close())
	equal(t, target.State(), portend.StateUnknown)
	equal(t, target.Explain(), "")
	equal(t, target.Address().IsValid(), false)
	equal(t, target.String(), fmt.Sprintf("[::1]:%d", target.Port))
}

func TestP31WordsForStatesAndReasons(t *testing.T) {
	equal(t, fmt.Sprint(portend.StateUnknown, portend.StateOccupied, portend.StateFree,
		portend.StateBindable, portend.StateDrained), "unknown occupied free bindable drained")
	words := map[string]bool{}
	for reason := portend.ReasonNone; reason <= portend.ReasonNotListening; reason++ {
		words[reason.String()] = true
	}
	equal(t, len(words), 16)
	equal(t, words["unknown"], false)
	equal(t, portend.Reason(99).String(), "unknown")
}

func TestP36TheListenersAreToldWithTheirProcess(t *testing.T) {
	port := hold(t)
	found, err := portend.ListenersOn(port.number)
	must(t, err)
	equal(t, len(found), 0)
	port.listen()
	found, err = portend.ListenersOn(port.number)
	must(t, err)
	equal(t, len(found), 1)
	process, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", kit.process.Process.Pid))
	must(t, err)
	owner, err := user.Current()
	must(t, err)
	found[0].CommandLine = "" // checked by P42
	equal(t, found[0], portend.SocketInfo{
		Kind:      portend.SocketListening,
		Address:   netip.AddrPortFrom(netip.IPv6Unspecified(), uint16(port.number)),
		DualStack: true,
		PID:       kit.process.Process.Pid,
		ParentPID: os.Getpid(),
		Process:   strings.TrimSpace(string(process)),
		User:      owner.Username,
	})
}

func TestP36AllListenersAreSorted(t *testing.T) {
	mine, other := server(t), server(t)
	found, err := portend.Listeners()
	must(t, err)
	seen := map[int]bool{}
	for index, one := range found {
		seen[int(one.Address.Port())] = true
		if index > 0 && one.Address.Port() < found[index-1].Address.Port() {
			t.Errorf("%v after %v", one, found[index-1])
		}
	}
	equal(t, seen[mine] && seen[other], true)
}

func TestP42AllSocketsOfAPortAreListedAndExplained(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	must(t, err)
	defer client.Close()
	accepted, err := listener.Accept()
	must(t, err)
	defer accepted.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	found, err := portend.Sockets(port, port, portend.SocketListening|portend.SocketConnected)
	must(t, err)
	equal(t, len(found), 2)
	equal(t, found[0].Kind, portend.SocketListening)
	equal(t, found[0].Peer.IsValid(), false)
	equal(t, found[1].Kind, portend.SocketConnected)
	equal(t, found[1].Peer.String(), client.LocalAddr().String())
	for _, one := range found {
		equal(t, one.Address.String(), listener.Addr().String())
		equal(t, [2]int{one.PID, one.ParentPID}, [2]int{os.Getpid(), os.Getppid()})
		equal(t, one.CommandLine != "" && one.Process != "" && one.User != "" && one.Remaining == 0, true)
	}
	explained, err := portend.ExplainUsage(port)
	must(t, err)
	equal(t, strings.Contains(explained, fmt.Sprintf("(pid %d, ", os.Getpid())), true)
	explained, err = portend.ExplainUsage(client.LocalAddr().(*net.TCPAddr).Port)
	must(t, err)
	equal(t, strings.Contains(explained, fmt.Sprintf(" has a connection with 127.0.0.1:%d", port)), true)
	_, err = portend.Sockets(port, port, 0)
	fails(t, err, portend.ErrInvalid)
	_, err = portend.Sockets(1<<32, 1, portend.SocketListening)
	fails(t, err, portend.ErrInvalid)
}

func TestP42TimeWaitAndUDPAreListed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	client, err := net.Dial("tcp", listener.Addr().String())
	must(t, err)
	accepted, err := listener.Accept()
	must(t, err)
	must(t, accepted.Close())
	must(t, client.Close())
	must(t, listener.Close())
	port := listener.Addr().(*net.TCPAddr).Port
	left, err := portend.Sockets(port, port, portend.SocketTimeWait)
	must(t, err)
	equal(t, len(left), 1)
	equal(t, left[0].PID, 0)
	equal(t, left[0].Remaining > 0 && left[0].Remaining <= time.Minute, true)
	datagrams, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	defer datagrams.Close()
	port = datagrams.LocalAddr().(*net.UDPAddr).Port
	found, err := portend.Sockets(port, port, portend.SocketUDP)
	must(t, err)
	equal(t, len(found) == 1 && found[0].Kind == portend.SocketUDP && found[0].PID == os.Getpid(), true)
}

func TestALookIsNoLongerThanTheContextAllows(t *testing.T) {
	said, err := childCommand(t, "looksOnce", inSilence(t)).Output()
	must(t, err)
	equal(t, string(said), "silent\n")
}

func init() {
	children["looksOnce"] = func([]string) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		err := portend.AssertFree(ctx, silentHost, 80)
		if passed := time.Since(began); err != nil || passed < soon || passed > soon+600*time.Millisecond {
			fmt.Println(err, passed)
			return
		}
		fmt.Println("silent")
	}
}
