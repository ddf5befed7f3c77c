// SPDX-License-Identifier: MIT

package portend

import (
	"net/netip"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Listener is a listening TCP socket of this machine.
type Listener struct {
	Address netip.AddrPort
	// DualStack tells of a listener on "::" whether it takes IPv4 connections as well.
	DualStack bool
	// PID is the process that holds it; 0 if the system does not tell.
	PID int
	// Process is the name of that process, if the system tells.
	Process string
	// User is the one who owns the socket, if the system tells.
	User string
}

// Listeners tells who listens on this machine, sorted by port and address.
func Listeners() ([]Listener, error) { return snapshot(0) }

// ListenersOn tells who listens on a port of this machine.
func ListenersOn(port int) ([]Listener, error) {
	at := place{port: port}
	if port == 0 { // which is all of them in C
		return nil, portOutside(at)
	}
	if err := checkPort(at); err != nil {
		return nil, err
	}
	return snapshot(port)
}

func snapshot(port int) ([]Listener, error) {
	taken := native.NewListeners()
	defer native.DeleteListeners(taken)
	if err := onThread(place{port: port}, func() int { return taken.Create(port) }); err != nil {
		return nil, err
	}
	listeners := make([]Listener, taken.Count())
	for index := range listeners {
		listeners[index] = Listener{
			Address:   netip.AddrPortFrom(address(taken.Address(index)), uint16(taken.Port(index))),
			DualStack: taken.Dual_stack(index) != 0,
			PID:       int(taken.Pid(index)),
			Process:   taken.Process(index),
			User:      taken.User(index),
		}
	}
	return listeners, nil
}
