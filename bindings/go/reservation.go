// SPDX-License-Identifier: MIT

package portend

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Reservation keeps a port by sockets that are bound and do not listen. The system assigns the port to no
// other process, and no other reservation gets it. Any server that sets SO_REUSEADDR can bind the port by its
// number.
//
// There are three ways to hand the port over. Start a server that sets SO_REUSEADDR, as those of package net
// do, and binds the number. Serve on Listeners, or give Files to a child. Or Park the port. A port for UDP
// can be handed over only by Files.
type Reservation struct {
	// Port is the number, which stays when the reservation is closed.
	Port int

	mu        sync.Mutex
	native    native.Reservation // nil after Close, and in a zero Reservation
	listening bool
}

// The largest backlog; each system reduces it to its own limit.
const longestBacklog = 4096

// Reserve reserves a port of a host of this machine, or of the whole machine for "", until the
// reservation is closed.
func Reserve(host string) (*Reservation, error) { return Finder{Host: host}.Reserve() }

func newReservation(held native.Reservation) *Reservation {
	r := &Reservation{Port: held.Port(), native: held}
	runtime.SetFinalizer(r, (*Reservation).Close)
	return r
}

// Files are the sockets, one for each address of the host, bound and close-on-exec: for
// exec.Cmd.ExtraFiles. The caller closes them; they outlive the reservation.
func (r *Reservation) Files() ([]*os.File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.native == nil {
		return nil, errClosed
	}
	var files []*os.File
	for index := 0; index < r.native.Fd_count(); index++ {
		file, err := duplicate(r.native.Fd(index), fmt.Sprintf("port %d", r.Port))
		if err != nil {
			closeAll(files)
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// Listeners returns a listener for each address of the host, which listens from now on. The
// caller closes them; they outlive the reservation.
func (r *Reservation) Listeners() ([]net.Listener, error) {
	if !r.isListening() {
		if err := r.Listen(longestBacklog); err != nil {
			return nil, err
		}
	}
	files, err := r.Files()
	if err != nil {
		return nil, err
	}
	defer closeAll(files)
	var listeners []net.Listener
	for _, file := range files {
		listener, err := net.FileListener(file)
		if err != nil {
			closeAll(listeners)
			return nil, err
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// Listen queues connections from now on, until a process accepts them, such as a child that
// inherits Files. From now on no process can bind the port by number.
func (r *Reservation) Listen(backlog int) error {
	err := r.call(func() int { return r.native.Listen(backlog) })
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.listening = true
	}
	return err
}

// Inherit lets the program that this process becomes by [syscall.Exec] inherit the reservation. The port
// stays reserved until that program, and all processes that inherited it, have ended. Close does not undo it.
func (r *Reservation) Inherit() error {
	return r.call(func() int { return r.native.Inherit() })
}

func (r *Reservation) isListening() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listening
}

// Park closes the sockets, and leaves the port to servers that set SO_REUSEADDR, as those of package net do.
// For the returned time, the system assigns the port to no process, even after this process has ended.
func (r *Reservation) Park() (time.Duration, error) {
	var seconds int
	err := r.call(func() int {
		seconds = r.native.Park()
		return seconds
	})
	if err != nil {
		return 0, err
	}
	return time.Duration(seconds) * time.Second, nil
}

func (r *Reservation) call(what func() int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.native == nil {
		return errClosed
	}
	return onThread(place{port: r.Port}, what)
}

// Explain says how the port is kept, and what a server must set.
func (r *Reservation) Explain() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.native == nil {
		return ""
	}
	return r.native.Explain()
}

// Close releases the port. A second Close does nothing. A Reservation that was not made by this
// package fails with [ErrInvalid].
func (r *Reservation) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.native != nil {
		runtime.SetFinalizer(r, nil)
		native.DeleteReservation(r.native)
		r.native = nil
	} else if r.Port == 0 {
		return refusal(place{}, "The reservation has no port: Reserve and Finder.Reserve make reservations.")
	}
	return nil
}

// duplicate holds the lock of package syscall, so that no child inherits the descriptor.
func duplicate(fd int, name string) (*os.File, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	copied, err := syscall.Dup(fd)
	if err != nil {
		return nil, os.NewSyscallError("dup", err)
	}
	syscall.CloseOnExec(copied)
	return os.NewFile(uintptr(copied), name), nil
}

func closeAll[Closer interface{ Close() error }](those []Closer) {
	for _, one := range those {
		one.Close()
	}
}
