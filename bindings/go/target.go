// SPDX-License-Identifier: MIT

package portend

import (
	"fmt"

	"github.com/portend/portend/bindings/go/internal/native"
)

// ClientHost returns the address that a client connects to, for a server that is bound to
// serverHost: 127.0.0.1 for 0.0.0.0, ::1 for ::, and serverHost itself otherwise. Every function
// that probes a target applies it to its host.
func ClientHost(serverHost string) string { return native.Client_host(serverHost) }

// ParseTarget splits "host:port" into host and port. An IPv6 address needs brackets: "[::1]:80".
func ParseTarget(text string) (host string, port int, err error) {
	target := native.NewTarget()
	defer native.DeleteTarget(target)
	err = onThread(place{}, func() int { return target.Parse(text) })
	if err != nil {
		return "", 0, err
	}
	return target.Host(), target.Port(), nil
}

// FormatTarget joins host and port: the inverse of [ParseTarget]. A wildcard address is replaced by
// the result of [ClientHost].
func FormatTarget(host string, port int) (string, error) {
	at := place{host, port}
	if err := checkPort(at); err != nil {
		return "", err
	}
	target := native.NewTarget()
	defer native.DeleteTarget(target)
	if err := onThread(at, func() int { return target.Format(host, port) }); err != nil {
		return "", err
	}
	return target.Text(), nil
}

// checkPort refuses a port that an int of C cannot represent.
func checkPort(at place) error {
	if int(int32(at.port)) != at.port {
		return portOutside(at)
	}
	return nil
}

// portOutside returns the error of the library for such a port.
func portOutside(at place) error {
	return refusal(at, fmt.Sprintf("Port %d is outside 1 to 65535.", at.port))
}
