// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/portend/portend/bindings/go"
)

// Everything that takes a host and a port.
func everyCall(t *testing.T) map[string]func(host string, port int) error {
	waiter := newWaiter(t, portend.Settings{})
	ctx := expired(t)
	return map[string]func(string, int) error{
		"Occupied":   func(host string, port int) error { return portend.Occupied(ctx, host, port) },
		"Free":       func(host string, port int) error { return portend.Free(ctx, host, port) },
		"AssertFree": func(host string, port int) error { return portend.AssertFree(ctx, host, port) },
		"IsFree":     func(host string, port int) error { _, err := portend.IsFree(ctx, host, port); return err },
		"IsOccupied": func(host string, port int) error { _, err := portend.IsOccupied(ctx, host, port); return err },
		"Add": func(host string, port int) error {
			_, err := waiter.Add(host, port, portend.StateFree)
			return err
		},
		"Watch":  func(host string, port int) error { _, err := waiter.Watch(host, port); return err },
		"Format": func(host string, port int) error { _, err := portend.FormatTarget(host, port); return err },
	}
}

func refuses(t *testing.T, host string, port int, message string) {
	t.Helper()
	for name, call := range everyCall(t) {
		err := call(host, port)
		if !errors.Is(err, portend.ErrInvalid) || !strings.Contains(err.Error(), message) {
			t.Errorf("%s(%q, %d): %v", name, host, port, err)
		}
	}
}

func TestP09AnEmptyHostIsRefusedBeforeAnythingIsLookedAt(t *testing.T) {
	refuses(t, "", 80, "The host is missing")
}

func TestP10AnEmbeddedNulIsRefused(t *testing.T) {
	number := server(t)
	for _, host := range []string{"localhost\x00", "127.0.0.1\x00.example", "\x00", "::\x00"} {
		refuses(t, host, number, "control character")
		_, err := portend.FindPort(host)
		fails(t, err, portend.ErrInvalid)
	}
	_, _, err := portend.ParseTarget(fmt.Sprintf("localhost:%d\x00", number))
	fails(t, err, portend.ErrInvalid)
	fails(t, portend.WaitAll(expired(t), portend.StateOccupied, fmt.Sprintf("localhost:%d\x000", number)),
		portend.ErrInvalid)
	equal(t, portend.ClientHost("0.0.0.0\x00") == "127.0.0.1", false)
}

func TestP11PortsOutOfRangeAreRefused(t *testing.T) {
	for _, port := range []int{0, 65536, 70000, -1, -80} {
		refuses(t, "127.0.0.1", port, fmt.Sprint(port))
	}
	for _, port := range []int{0, -1, 65536} {
		_, err := portend.ListenersOn(port)
		fails(t, err, portend.ErrInvalid)
		equal(t, err.Error(), fmt.Sprintf("Port %d is outside 1 to 65535.", port))
	}
}

func TestP12APortThatDoesNotFitIsRefused(t *testing.T) {
	number := server(t)
	for _, port := range []int{1<<32 + number, 1<<62 + number, -1<<32 + number, 1<<31 - 1, -1 << 63} {
		refuses(t, "127.0.0.1", port, fmt.Sprintf("Port %d is outside 1 to 65535.", port))
		for _, finder := range []portend.Finder{
			{Prefer: []int{port}}, {Exclude: []int{port}}, {First: port, Last: port},
		} {
			_, err := finder.Find()
			fails(t, err, portend.ErrInvalid)
		}
	}
	_, err := portend.ListenersOn(1<<32 + number)
	fails(t, err, portend.ErrInvalid)
}

// Elsewhere a port is an int, and text does not compile.
func TestP13DigitsAndNamesOfServicesAreTakenInATarget(t *testing.T) {
	number := server(t)
	must(t, portend.WaitAll(within(t, long), portend.StateOccupied, fmt.Sprintf("localhost:%d", number)))
	host, port, err := portend.ParseTarget("localhost:http")
	must(t, err)
	equal(t, at(port), at(80))
	equal(t, host, "localhost")
	for _, text := range []string{"localhost:no-service", "localhost:80.5", "localhost:0x50", "localhost:８０"} {
		fails(t, portend.WaitAll(expired(t), portend.StateOccupied, text), portend.ErrInvalid)
		_, err := portend.Watch(expired(t), text)
		fails(t, err, portend.ErrInvalid)
	}
}

func TestP14ANameThatDoesNotExistFailsAtOnce(t *testing.T) {
	for _, call := range []func(context.Context, string, int) error{
		portend.Occupied, portend.Free, portend.AssertFree,
	} {
		took(t, 0, func() {
			err := call(within(t, long), noName, 80)
			fails(t, err, portend.ErrResolve)
			var names *net.DNSError
			if !errors.As(err, &names) || !names.IsNotFound || names.Name != noName {
				t.Errorf("%#v is not a DNSError", err)
			}
			equal(t, errors.Is(err, portend.ErrTimeout) || errors.Is(err, context.DeadlineExceeded), false)
			equal(t, strings.Contains(err.Error(), noName+" could not be resolved"), true)
		})
	}
}

func TestP15WithTheRetryOfNamesAMissingOneIsATimeout(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{RetryNames: true})
	target := add(t)(waiter.AddOccupied(noName, 80))
	took(t, soon, func() {
		err := waiter.WaitAll(within(t, soon))
		fails(t, err, portend.ErrTimeout)
		equal(t, strings.Contains(err.Error(), noName+". (could not resolve: "), true)
	})
	equal(t, target.Reason(), portend.ReasonUnresolved)
}

func TestP16TargetsAreTakenApartAndPutTogether(t *testing.T) {
	for text, wanted := range map[string]struct {
		host string
		port int
	}{
		"[::1]:80": {"::1", 80}, "db:5432": {"db", 5432}, "[fe80::1%lo]:80": {"fe80::1%lo", 80},
	} {
		host, port, err := portend.ParseTarget(text)
		must(t, err)
		equal(t, host, wanted.host)
		equal(t, port, wanted.port)
		again, err := portend.FormatTarget(host, port)
		must(t, err)
		equal(t, again, text)
	}
	text, err := portend.FormatTarget("::", 80)
	must(t, err)
	equal(t, text, "[::1]:80")
}

func TestP16WhatIsNoTargetIsRefused(t *testing.T) {
	for _, text := range []string{"::1:80", "db", "db:", ":80", "db:0", "db:65536", ""} {
		host, port, err := portend.ParseTarget(text)
		fails(t, err, portend.ErrInvalid)
		equal(t, host == "" && port == 0, true)
	}
	_, _, err := portend.ParseTarget("::1:80")
	equal(t, strings.Contains(err.Error(), "brackets"), true)
}
