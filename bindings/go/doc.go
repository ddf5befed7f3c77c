// SPDX-License-Identifier: MIT

// Package portend tells when a TCP port is up, when it is gone, and which one you may have.
//
//	err := portend.Occupied(ctx, "localhost", 5432)
//
// A target is a host (a name or a numeric address) and a TCP port. It is occupied when
// somebody accepts connections at one address of the host at least, and free when nobody
// does at any. A port is bindable when a server could be bound there now, which is not the
// same as free: see [FindPort] and [Reserve].
//
// # Contexts
//
// A wait ends with its context. Its deadline covers everything, the look-up of names
// included, and is an [ErrTimeout]; canceling it is an [ErrCanceled]; without a deadline a
// wait goes on until the state has come. A context whose deadline has passed looks exactly
// once. A blocked wait holds one thread of the system: wait for many targets in one
// [Waiter] rather than in many goroutines.
//
// # Errors
//
// Failures are of type *[Error], which carries a sentence for people, and can be told apart
// by errors.Is and the statuses of this package, or by the errors of the standard library.
//
// # Environment
//
// PORTEND_PROBE=connect looks only by connecting. PORTSERVER_ADDRESS is a port server that
// finders ask first.
//
// The package needs cgo and the C library portend, which pkg-config has to find.
package portend

import "github.com/portend/portend/bindings/go/internal/native"

// Version is that of the C library, such as "1.0.0".
func Version() string { return native.Version() }
