// SPDX-License-Identifier: MIT

package portend

import (
	"net/netip"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// State is what is known of a target.
type State int

// The states.
const (
	StateUnknown  State = 0
	StateOccupied State = 1
	StateFree     State = 2
)

// String is a word, such as "occupied".
func (s State) String() string { return native.State_text(int(s)) }

// Reason is why a target is in its state, or not yet in the one that is wanted.
type Reason int

// The reasons.
const (
	// ReasonNone: nothing has answered yet.
	ReasonNone Reason = 0
	// ReasonAccepted: a connection was established.
	ReasonAccepted Reason = 1
	// ReasonRefused: the port answers that nobody listens.
	ReasonRefused Reason = 2
	// ReasonSilent: no answer within the limit of an attempt.
	ReasonSilent Reason = 3
	// ReasonUnreachable: no way to the host, or to its address family.
	ReasonUnreachable Reason = 4
	// ReasonUnresolved: the name has no address yet.
	ReasonUnresolved Reason = 5
	// ReasonBacklogFull: a listener of this machine whose accept queue is full.
	ReasonBacklogFull Reason = 6
	// ReasonListening: a listener of this machine, seen in the kernel's socket table.
	ReasonListening Reason = 7
)

// String is a word, such as "refused".
func (r Reason) String() string { return native.Reason_text(int(r)) }

// Family is which addresses of a host count.
type Family int

// The families.
const (
	FamilyAny  Family = 0
	FamilyIPv4 Family = 4
	FamilyIPv6 Family = 6
)

// Target is a target of a [Waiter]. What it says is what is known at the moment of asking,
// during a wait as well, and nothing any more once the waiter is closed.
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

// State is occupied, free, or not known yet.
func (t *Target) State() State {
	return ask(t, func(n native.Waiter) State { return State(n.State(t.index)) })
}

// Reached reports whether the target has reached the state that is wanted of it.
func (t *Target) Reached() bool {
	return ask(t, func(n native.Waiter) bool { return n.Reached(t.index) != 0 })
}

// Reason is why the target is in its state.
func (t *Target) Reason() Reason {
	return ask(t, func(n native.Waiter) Reason { return Reason(n.Reason(t.index)) })
}

// Address is the one that decided; not valid if none did.
func (t *Target) Address() netip.Addr {
	return address(ask(t, func(n native.Waiter) string { return n.Address(t.index) }))
}

// Elapsed is the time from the begin of the wait until the target reached its state, or
// until now if it has not.
func (t *Target) Elapsed() time.Duration {
	microseconds := ask(t, func(n native.Waiter) int64 { return n.Elapsed_us(t.index) })
	return time.Duration(microseconds) * time.Microsecond
}

// Probes is how often one of the addresses was looked at.
func (t *Target) Probes() int64 {
	return ask(t, func(n native.Waiter) int64 { return n.Probes(t.index) })
}

// Explain is what is missing and why, in a sentence; "" if nothing is.
func (t *Target) Explain() string {
	return ask(t, func(n native.Waiter) string { return n.Explain(t.index) })
}

// ask asks the waiter, if it is still there.
func ask[Answer any](t *Target, question func(native.Waiter) Answer) (answer Answer) {
	t.core.mu.Lock()
	defer t.core.mu.Unlock()
	if !t.core.ended {
		answer = question(t.core.native)
	}
	return answer
}

// address is a numeric address of C; not valid for "".
func address(text string) netip.Addr {
	parsed, _ := netip.ParseAddr(text)
	return parsed
}
