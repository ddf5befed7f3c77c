// SPDX-License-Identifier: MIT

package portend

import (
	"net/netip"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// SocketKind is a kind of sockets, or several kinds combined by |. All but SocketUDP are TCP.
type SocketKind int

// The kinds.
const (
	SocketListening SocketKind = 1
	// SocketBound: bound, not listening and not connected.
	SocketBound     SocketKind = 2
	SocketConnected SocketKind = 4
	SocketTimeWait  SocketKind = 8
	SocketUDP       SocketKind = 16
)

const socketsOfTCP = SocketListening | SocketBound | SocketConnected | SocketTimeWait

// SocketInfo is a socket of this machine. Unknown values are 0 or "".
type SocketInfo struct {
	Kind    SocketKind
	Address netip.AddrPort
	// DualStack reports whether a socket on "::" also accepts IPv4.
	DualStack bool
	// Peer is the remote endpoint; the zero AddrPort if there is none.
	Peer netip.AddrPort
	// PID is the process that owns the socket; ParentPID is its parent.
	PID, ParentPID int
	Process        string
	CommandLine    string
	User           string
	// Remaining is how long TIME_WAIT lasts.
	Remaining time.Duration
}

// Listeners returns the listening sockets of this machine, sorted by port and address.
func Listeners() ([]SocketInfo, error) { return Sockets(1, 65535, SocketListening) }

// ListenersOn returns the listening sockets of a port.
func ListenersOn(port int) ([]SocketInfo, error) { return Sockets(port, port, SocketListening) }

// Sockets returns the sockets of these kinds whose local port is in the range. They are sorted by
// port, address, kind and peer.
func Sockets(firstPort, lastPort int, kinds SocketKind) ([]SocketInfo, error) {
	taken, err := snapshot(firstPort, lastPort, kinds)
	if err != nil {
		return nil, err
	}
	defer native.DeleteSockets(taken)
	sockets := make([]SocketInfo, taken.Count())
	for index := range sockets {
		sockets[index] = socketAt(taken, index)
	}
	return sockets, nil
}

// ExplainUsage explains in plain English why a TCP port is in use: by a listener, a bound socket, a
// connection, or TIME_WAIT. The text is empty if no socket has the port.
func ExplainUsage(port int) (string, error) {
	taken, err := snapshot(port, port, socketsOfTCP)
	if err != nil {
		return "", err
	}
	defer native.DeleteSockets(taken)
	return taken.Explain(port), nil
}

// snapshot returns a snapshot that the caller must delete.
func snapshot(firstPort, lastPort int, kinds SocketKind) (native.Sockets, error) {
	for _, port := range []int{firstPort, lastPort} {
		if err := checkPort(place{port: port}); err != nil {
			return nil, err
		}
	}
	taken := native.NewSockets()
	create := func() int { return taken.Create(firstPort, lastPort, int(kinds)) }
	if err := onThread(place{port: firstPort}, create); err != nil {
		native.DeleteSockets(taken)
		return nil, err
	}
	return taken, nil
}

func socketAt(taken native.Sockets, index int) SocketInfo {
	one := SocketInfo{
		Kind:        SocketKind(taken.Kind(index)),
		Address:     netip.AddrPortFrom(address(taken.Address(index)), uint16(taken.Port(index))),
		DualStack:   taken.Dual_stack(index) != 0,
		PID:         int(taken.Pid(index)),
		ParentPID:   int(taken.Parent_pid(index)),
		Process:     taken.Process(index),
		CommandLine: taken.Command_line(index),
		User:        taken.User(index),
		Remaining:   time.Duration(taken.Remaining_ms(index)) * time.Millisecond,
	}
	if port := taken.Peer_port(index); port != 0 {
		one.Peer = netip.AddrPortFrom(address(taken.Peer_address(index)), uint16(port))
	}
	return one
}
