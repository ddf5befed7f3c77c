// SPDX-License-Identifier: MIT

package portend

import (
	"net/netip"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// State is the state of a target.
type State int

// The states.
const (
	// StateUnknown: there is no answer yet, or the answer does not count.
	StateUnknown State = 0
	// StateOccupied: a server listens on an address of the target.
	StateOccupied State = 1
	// StateFree: no address of the target is occupied.
	StateFree State = 2
	// StateBindable: a server that sets SO_REUSEADDR, as those of package net do, could
	// listen on every address of the target now. Addresses of this machine only.
	StateBindable State = 3
	// StateDrained: no TCP connection of that local port remains, in any state but LISTEN
	// and TIME_WAIT. Addresses of this machine only.
	StateDrained State = 4
)

// String is a word, such as "occupied".
func (s State) String() string { return native.State_text(int(s)) }

// Reason is why a target is in its state, or not yet in its wanted state.
type Reason int

// The reasons.
const (
	// ReasonNone: nothing has answered yet.
	ReasonNone Reason = 0
	// ReasonAccepted: a connection was accepted.
	ReasonAccepted Reason = 1
	// ReasonRefused: the connection was refused: nothing listens.
	ReasonRefused Reason = 2
	// ReasonSilent: no answer within the attempt limit.
	ReasonSilent Reason = 3
	// ReasonUnreachable: no route to the host, or no address family for it.
	ReasonUnreachable Reason = 4
	// ReasonUnresolved: the name has no address yet.
	ReasonUnresolved Reason = 5
	// ReasonBacklogFull: a listener of this machine has a full accept queue.
	ReasonBacklogFull Reason = 6
	// ReasonListening: the socket table of this machine lists a listener.
	ReasonListening Reason = 7
	// ReasonForbidden: a policy of this system refused the probe: a firewall, a sandbox.
	ReasonForbidden Reason = 8
	// ReasonOtherOwner: the listener belongs to another process than Settings.Owner.
	ReasonOtherOwner Reason = 9
	// ReasonClosedEarly: a connection did not stay open for Settings.Stable.
	ReasonClosedEarly Reason = 10
	// ReasonInUse: a socket keeps the port from being bound.
	ReasonInUse Reason = 11
	// ReasonConnected: the port still has connections.
	ReasonConnected Reason = 12
	// ReasonBindable: the port can be bound.
	ReasonBindable Reason = 13
	// ReasonDrained: the port has no connection any more.
	ReasonDrained Reason = 14
	// ReasonNotListening: the socket table lists no listener, and connecting was not
	// allowed.
	ReasonNotListening Reason = 15
)

// String is a word, such as "refused".
func (r Reason) String() string { return native.Reason_text(int(r)) }

// Evidence is what proves that a port is occupied.
type Evidence int

// The kinds of evidence.
const (
	// EvidenceAuto: the socket table for addresses of this machine, a connection for others.
	EvidenceAuto Evidence = 0
	// EvidenceConnection: a connection, even if the socket table could tell. The server sees it.
	EvidenceConnection Evidence = 1
	// EvidenceTable: the socket table. No connection is made; other hosts fail with ErrUnsupported.
	EvidenceTable Evidence = 2
)

// Family selects the addresses of a host.
type Family int

// The families.
const (
	FamilyAny  Family = 0
	FamilyIPv4 Family = 4
	FamilyIPv6 Family = 6
)

// Target is a target of a [Waiter]. Its methods return what is known at the time, also during a wait. After
// the waiter is closed they return zero values.
type Target struct {
	Host string
	Port int

	core  *core
	index int
}

// String is the target as "host:port".
func (t *Target) String() string {
	text, err := FormatTarget(t.Host, t.Port)
	if err != nil {
		return err.Error()
	}
	return text
}

// State is the state of the target.
func (t *Target) State() State {
	return ask(t, func(n native.Waiter) State { return State(n.State(t.index)) })
}

// Reached reports whether the target has reached its wanted state.
func (t *Target) Reached() bool {
	return ask(t, func(n native.Waiter) bool { return n.Reached(t.index) != 0 })
}

// Reason is why the target is in its state.
func (t *Target) Reason() Reason {
	return ask(t, func(n native.Waiter) Reason { return Reason(n.Reason(t.index)) })
}

// Address is the address that decided the state; not valid if none did.
func (t *Target) Address() netip.Addr {
	return address(ask(t, func(n native.Waiter) string { return n.Address(t.index) }))
}

// Elapsed is the time from the start of the wait until the target reached its state, or
// until now if it has not.
func (t *Target) Elapsed() time.Duration {
	microseconds := ask(t, func(n native.Waiter) int64 { return n.Elapsed_us(t.index) })
	return time.Duration(microseconds) * time.Microsecond
}

// Probes is the number of probes of the target.
func (t *Target) Probes() int64 {
	return ask(t, func(n native.Waiter) int64 { return n.Probes(t.index) })
}

// Explain returns a message that says why the target is not in its wanted state; "" if it is.
func (t *Target) Explain() string {
	return ask(t, func(n native.Waiter) string { return n.Explain(t.index) })
}

// ask asks the waiter, unless it is destroyed.
func ask[Answer any](t *Target, question func(native.Waiter) Answer) (answer Answer) {
	t.core.mu.Lock()
	defer t.core.mu.Unlock()
	if !t.core.ended {
		answer = question(t.core.native)
	}
	return answer
}

// address parses a numeric address; the result for "" is not valid.
func address(text string) netip.Addr {
	parsed, _ := netip.ParseAddr(text)
	return parsed
}
