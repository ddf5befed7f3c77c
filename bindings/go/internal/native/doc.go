// SPDX-License-Identifier: MIT

// Package native is the C library as SWIG wraps it, for package portend alone.
package native

//go:generate ./generate.sh
//go:generate ./library.sh
