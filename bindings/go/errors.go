// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Status tells failures apart. It is an error itself, to be compared with errors.Is.
type Status int

// What can fail. The numbers are those of the C library, and are only ever added to.
const (
	// ErrTimeout: the state did not come before the deadline of the context. Such an
	// error is context.DeadlineExceeded too.
	ErrTimeout Status = -1
	// ErrNotFree: AssertFree found a listener.
	ErrNotFree Status = -2
	// ErrInvalid: an argument is outside what the function takes, or a value is used
	// wrongly. After Close such an error is os.ErrClosed too.
	ErrInvalid Status = -3
	// ErrResolve: the host has no address. Such an error is a *net.DNSError too.
	ErrResolve Status = -4
	// ErrNoPort: no port fits what was asked for.
	ErrNoPort Status = -5
	// ErrCanceled: the context was canceled. Such an error is context.Canceled too.
	ErrCanceled Status = -6
	// ErrSystem: the system refused a socket, a thread or the like. Such an error is
	// the syscall.Errno too.
	ErrSystem Status = -7
	// ErrNoMemory: out of memory.
	ErrNoMemory Status = -8
	// ErrInternal: a bug in the library. Please report the sentence.
	ErrInternal Status = -9
	// ErrGone: the process of Settings.PID has died.
	ErrGone Status = -10
	// ErrUnsupported: this system cannot do it.
	ErrUnsupported Status = -11
)

// Error says in a few words what the status means.
func (s Status) Error() string { return native.Strerror(int(s)) }

// Error is what every function of this package fails with. It is a net.Error.
type Error struct {
	// Status tells it from others.
	Status Status
	// Host and Port are those of the call, if it was about one target.
	Host string
	Port int

	message string
	cause   error
}

var _ net.Error = (*Error)(nil)

// Error is a sentence for people: what was wanted, what happened, what to do.
func (e *Error) Error() string {
	if e.message == "" {
		return e.Status.Error()
	}
	return e.message
}

// Is reports whether target is the status.
func (e *Error) Is(target error) bool { return target == error(e.Status) }

// Unwrap gives the error of the standard library that this one is as well, if any.
func (e *Error) Unwrap() error { return e.cause }

// Timeout reports whether something did not come in time.
func (e *Error) Timeout() bool { return e.Status == ErrTimeout }

// Temporary reports the same as Timeout.
//
// Deprecated: it is here since net.Error has it.
func (e *Error) Temporary() bool { return e.Timeout() }

var errClosed = &Error{Status: ErrInvalid, message: "It is closed.", cause: os.ErrClosed}

// place is the target that a call is about, if it is about one.
type place struct {
	host string
	port int
}

// failure is what a status of C becomes, in the words of C; nil for success.
func failure(status int, at place, message func() string) error {
	if status >= native.OK {
		return nil
	}
	said := message()
	return &Error{
		Status:  Status(status),
		Host:    at.host,
		Port:    at.port,
		message: said,
		cause:   cause(Status(status), said, at.host),
	}
}

// refusal is a failure that the C library never saw.
func refusal(at place, message string) error {
	return failure(int(ErrInvalid), at, func() string { return message })
}

// cause is the error of the standard library that a failure is as well.
func cause(status Status, message, host string) error {
	switch status {
	case ErrTimeout:
		return context.DeadlineExceeded
	case ErrCanceled:
		return context.Canceled
	case ErrResolve:
		return &net.DNSError{Err: message, Name: host, IsNotFound: true}
	case ErrSystem:
		return systemError(message)
	case ErrNoMemory:
		return syscall.ENOMEM
	case ErrUnsupported:
		return syscall.ENOTSUP
	}
	return nil
}

// systemError is the errno that a sentence names.
func systemError(message string) error {
	var number uintptr
	if _, rest, named := strings.Cut(message, "(errno "); named {
		if _, err := fmt.Sscanf(rest, "%d)", &number); err == nil {
			return syscall.Errno(number)
		}
	}
	return nil
}

// onThread is for calls whose sentence is that of the thread.
func onThread(at place, call func() int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return failure(call(), at, native.Last_error)
}
