// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A name that does not exist, and that no name server is asked for: a label is empty.
const noName = "nobody..invalid"

// What a test gives a wait that ends before.
const long = time.Minute

// heldPort is a port of 127.0.0.1 and ::1 that is held, and listens when it is told to.
type heldPort struct {
	number int
	mu     sync.Mutex
	fd     int
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hold(t testing.TB) *heldPort {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	must(t, err)
	port := &heldPort{fd: fd}
	t.Cleanup(port.close)
	must(t, syscall.SetsockoptInt(fd, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 0))
	must(t, syscall.Bind(fd, &syscall.SockaddrInet6{}))
	name, err := syscall.Getsockname(fd)
	must(t, err)
	port.number = name.(*syscall.SockaddrInet6).Port
	return port
}

func (p *heldPort) listen() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := syscall.Listen(p.fd, 1024); err != nil {
		panic(err)
	}
}

func (p *heldPort) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fd >= 0 {
		syscall.Close(p.fd)
	}
	p.fd = -1
}

// nobody is the number of a port that is held and does not listen.
func nobody(t testing.TB) int {
	t.Helper()
	return hold(t).number
}

// server is the number of a port that listens, on all addresses.
func server(t testing.TB) int {
	t.Helper()
	port := hold(t)
	port.listen()
	return port.number
}

// listenOn is a listener of package net.
func listenOn(t testing.TB, address string) (net.Listener, int) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener, listener.Addr().(*net.TCPAddr).Port
}

// within is a context with a deadline.
func within(t testing.TB, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// after does something in another goroutine, before the test ends.
func after(t testing.TB, delay time.Duration, action func()) {
	done := make(chan struct{})
	timer := time.AfterFunc(delay, func() {
		defer close(done)
		action()
	})
	t.Cleanup(func() {
		if !timer.Stop() {
			<-done
		}
	})
}

// took fails unless what is done takes that long, and not for ever.
func took(t testing.TB, least time.Duration, what func()) {
	t.Helper()
	began := time.Now()
	what()
	if passed := time.Since(began); passed < least || passed > least+10*time.Second {
		t.Errorf("it took %v instead of %v", passed, least)
	}
}

// fails fails unless the error is all of these.
func fails(t testing.TB, err error, wanted ...error) {
	t.Helper()
	for _, one := range wanted {
		if !errors.Is(err, one) {
			t.Fatalf("%#v (%v) is not %#v", err, err, one)
		}
	}
}

func equal[Value comparable](t testing.TB, is, wanted Value) {
	t.Helper()
	if is != wanted {
		t.Errorf("%#v instead of %#v", is, wanted)
	}
}

func waitUntil(t testing.TB, condition func() bool) {
	t.Helper()
	for began := time.Now(); !condition(); time.Sleep(time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("the condition never came")
		}
	}
}

// cannotBind tells why a number cannot be bound without SO_REUSEADDR; nil if it can.
func cannotBind(t testing.TB, address string, kind int) error {
	t.Helper()
	at, err := net.ResolveTCPAddr("tcp", address)
	must(t, err)
	family, name := syscall.AF_INET, syscall.Sockaddr(nil)
	if four := at.IP.To4(); four != nil {
		name = &syscall.SockaddrInet4{Port: at.Port, Addr: *(*[4]byte)(four)}
	} else {
		family = syscall.AF_INET6
		name = &syscall.SockaddrInet6{Port: at.Port, Addr: *(*[16]byte)(at.IP.To16())}
	}
	fd, err := syscall.Socket(family, kind|syscall.SOCK_CLOEXEC, 0)
	must(t, err)
	defer syscall.Close(fd)
	return syscall.Bind(fd, name)
}

// The parts of tests that need a process of their own, by name.
var children = map[string]func(arguments []string){}

func TestMain(m *testing.M) {
	if child, is := children[os.Getenv("PORTEND_TEST_CHILD")]; is {
		child(os.Args[1:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// childCommand is one of children, behind the words of another command if there are any.
func childCommand(t testing.TB, name string, prefix []string, arguments ...any) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	words := append(prefix[:len(prefix):len(prefix)], self)
	for _, argument := range arguments {
		words = append(words, fmt.Sprint(argument))
	}
	command := exec.Command(words[0], words[1:]...)
	command.Env = append(os.Environ(), "PORTEND_TEST_CHILD="+name)
	command.Stderr = os.Stderr
	return command
}

// Where nobody answers: a network of its own, whose only way out leads nowhere.
const silence = `
ip link set lo up
ip link add silence type veth peer name nowhere
ip link set nowhere up
ip link set silence up arp off
ip address add 10.0.0.1/24 dev silence
exec "$0" "$@"
`

const silentHost = "10.0.0.2"

// inSilence is the prefix of a command there; the test is skipped where none can be made.
func inSilence(t testing.TB) []string {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a network namespace")
	}
	return []string{"unshare", "-n", "sh", "-e", "-c", silence}
}
