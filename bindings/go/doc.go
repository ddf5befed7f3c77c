// SPDX-License-Identifier: MIT

// Package portend waits for TCP ports to open or close, and finds free local ports.
//
//	err := portend.Occupied(ctx, "localhost", 5432)
//
// A target is a host (a name or a numeric address) and a TCP port. The states of a target are
// those of [State]. A port that is free is not always bindable: see [IsBindable], [FindPort] and
// [Reserve].
//
// # Contexts
//
// A wait ends with its context. The deadline covers everything, including the look-up of names,
// and gives [ErrTimeout]. A canceled context gives [ErrCanceled]. Without a deadline a wait
// continues until the state is reached. A context whose deadline has passed probes exactly once.
//
// Thousands of goroutines may wait at once: their waits share one thread and a few descriptors.
// Only [Waiter.Next], [Waiter.Events] and [Watch] need a thread each while they wait.
//
// # Errors
//
// Failures are of type *[Error], which has a message for people. Compare them by errors.Is with
// the statuses of this package, or with the errors of the standard library.
//
// # Environment
//
// PORTEND_PROBE=connect probes only by connecting. PORTSERVER_ADDRESS is a port server that
// finders ask first.
//
// The package needs cgo and the C library portend, which pkg-config must find.
package portend

import "github.com/portend/portend/bindings/go/internal/native"

// Version is the version of the C library, such as "1.0.0".
func Version() string { return native.Version() }
