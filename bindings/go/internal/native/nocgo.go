// SPDX-License-Identifier: MIT

//go:build !cgo

package native

// Without cgo the build ends with this one error.
const _ int = "portend needs cgo: set CGO_ENABLED=1 and install a C++ compiler"
