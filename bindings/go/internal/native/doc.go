// SPDX-License-Identifier: MIT

// Package native is the C library as wrapped by SWIG, only for package portend.
package native

//go:generate ./generate.sh
//go:generate ./library.sh
