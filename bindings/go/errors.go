// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"net"
	"os"
	"runtime"
	"syscall"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Status tells failures apart. It is an error itself, to be compared with errors.Is.
type Status int

// What can fail. The numbers are those of the C library, and are only ever added to.
const (
	// ErrTimeout: the state was not reached before the deadline of the context. Such an
	// error is also context.DeadlineExceeded and os.ErrDeadlineExceeded.
	ErrTimeout Status = -1
	// ErrNotFree: AssertFree found a listener.
	ErrNotFree Status = -2
	// ErrInvalid: an argument is out of range, or a value is used in a way that its state
	// does not allow. After Close such an error is also os.ErrClosed.
	ErrInvalid Status = -3
	// ErrResolve: the host has no address. Such an error is also a *net.DNSError.
	ErrResolve Status = -4
	// ErrNoPort: no port matches the options of the search.
	ErrNoPort Status = -5
	// ErrCanceled: the context was canceled. Such an error is also context.Canceled.
	ErrCanceled Status = -6
	// ErrSystem: the system refused a socket, a thread or another resource. Such an error
	// is also the syscall.Errno.
	ErrSystem Status = -7
	// ErrNoMemory: out of memory.
	ErrNoMemory Status = -8
	// ErrInternal: a bug in the library. Please report the message.
	ErrInternal Status = -9
	// ErrGone: the process of Settings.PID has exited.
	ErrGone Status = -10
	// ErrUnsupported: this system, or this host, does not support the request.
	ErrUnsupported Status = -11
)

// Error describes the status in a few words.
func (s Status) Error() string { return native.Strerror(int(s)) }

// Error is the error of every function of this package. It is a net.Error.
type Error struct {
	// Status is the kind of failure.
	Status Status
	// Host and Port are those of the call, if it was about one target.
	Host string
	Port int

	message string
	cause   error
}

var _ net.Error = (*Error)(nil)

// Error is a message for people: what was wanted, what happened, what to do.
func (e *Error) Error() string {
	if e.message == "" {
		return e.Status.Error()
	}
	return e.message
}

// Is reports whether target is the status, or os.ErrDeadlineExceeded for a timeout.
func (e *Error) Is(target error) bool {
	return target == error(e.Status) || target == os.ErrDeadlineExceeded && e.Timeout()
}

// Unwrap returns the corresponding error of the standard library, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Timeout reports whether the state was not reached before the deadline.
func (e *Error) Timeout() bool { return e.Status == ErrTimeout }

// Temporary reports the same as Timeout.
//
// Deprecated: net.Error requires it.
func (e *Error) Temporary() bool { return e.Timeout() }

var errClosed = &Error{Status: ErrInvalid, message: "It is closed.", cause: os.ErrClosed}

// place is the target of a call; empty if the call is not about one target.
type place struct {
	host string
	port int
}

// failure is the error for a status, with the message and the errno of the library; nil for
// success.
func failure(status int, at place, message func() string, errno func() int) error {
	if status >= native.OK {
		return nil
	}
	said := message()
	return &Error{
		Status:  Status(status),
		Host:    at.host,
		Port:    at.port,
		message: said,
		cause:   cause(Status(status), said, at.host, syscall.Errno(errno())),
	}
}

// refusal makes an error for a failure that the library did not see.
func refusal(at place, message string) error {
	return &Error{Status: ErrInvalid, Host: at.host, Port: at.port, message: message}
}

// cause is the error of the standard library that corresponds to a failure.
func cause(status Status, message, host string, errno syscall.Errno) error {
	switch status {
	case ErrTimeout:
		return context.DeadlineExceeded
	case ErrCanceled:
		return context.Canceled
	case ErrResolve:
		return &net.DNSError{Err: message, Name: host, IsNotFound: true}
	case ErrSystem:
		if errno != 0 {
			return errno
		}
	case ErrNoMemory:
		return syscall.ENOMEM
	case ErrUnsupported:
		return syscall.ENOTSUP
	}
	return nil
}

// onThread makes a call whose message belongs to the thread.
func onThread(at place, call func() int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return failure(call(), at, native.Last_error, native.Last_errno)
}
