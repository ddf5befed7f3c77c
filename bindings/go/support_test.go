// SPDX-License-Identifier: MIT

package portend_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A name that does not exist. No name server is asked for it, because a label is empty.
const noName = "no..such.host"

// The timeout of waits that end much sooner.
const long = time.Minute

// The kit (tests/kit/README.md) has sockets in another process.
var kit struct {
	sync.Mutex
	process *exec.Cmd
	orders  io.Writer
	answers *bufio.Reader
}

func startKit() error {
	kit.process = exec.Command(os.Getenv("PORTEND_KIT"))
	orders, err := kit.process.StdinPipe()
	if err != nil {
		return err
	}
	answers, err := kit.process.StdoutPipe()
	kit.orders, kit.answers = orders, bufio.NewReader(answers)
	if err != nil {
		return err
	}
	return kit.process.Start()
}

// tell sends a command to the kit, and returns the answer.
func tell(words ...any) string {
	kit.Lock()
	defer kit.Unlock()
	fmt.Fprintln(kit.orders, words...)
	answer, err := kit.answers.ReadString('\n')
	if err != nil || !strings.HasPrefix(answer, "ok") {
		panic(fmt.Sprint("the kit refuses ", words, ": ", answer, err))
	}
	return strings.TrimSpace(answer[2:])
}

// heldPort is a port that the kit keeps bound. It listens on request.
type heldPort struct{ socket, number int }

func (p heldPort) listen() { tell("listen", p.socket) }
func (p heldPort) close()  { tell("close", p.socket) }

func holdAs(t testing.TB, words ...any) (port heldPort) {
	t.Helper()
	fmt.Sscan(tell(append([]any{"hold"}, words...)...), &port.socket, &port.number)
	t.Cleanup(func() { tell("release", port.socket) })
	return port
}

// hold keeps a port of 127.0.0.1 and ::1.
func hold(t testing.TB) heldPort { return holdAs(t, "::", 0, "dual", "kept") }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// closedPort returns a port that is kept and does not listen.
func closedPort(t testing.TB) int {
	t.Helper()
	return hold(t).number
}

// server returns a port that listens on all addresses.
func server(t testing.TB) int {
	t.Helper()
	port := hold(t)
	port.listen()
	return port.number
}

// listenOn returns a listener of package net.
func listenOn(t testing.TB, address string) (net.Listener, int) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener, listener.Addr().(*net.TCPAddr).Port
}

// within returns a context with a deadline.
func within(t testing.TB, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// after runs the action in another goroutine, before the test ends.
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

// took checks that the call takes at least that long, and not forever.
func took(t testing.TB, least time.Duration, what func()) {
	t.Helper()
	began := time.Now()
	what()
	if passed := time.Since(began); passed < least || passed > least+10*time.Second {
		t.Errorf("it took %v instead of %v", passed, least)
	}
}

// fails checks that the error matches all of these.
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
			t.Fatal("the condition was never true")
		}
	}
}

// cannotBind returns why a number cannot be bound without SO_REUSEADDR; nil if it can.
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

// Parts of tests that need their own process, by name.
var children = map[string]func(arguments []string){}

func TestMain(m *testing.M) {
	if child, is := children[os.Getenv("PORTEND_TEST_CHILD")]; is {
		child(os.Args[1:])
		os.Exit(0)
	}
	if err := startKit(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// childCommand runs one of children, after the words of another command if there are any.
func childCommand(t testing.TB, name string, prefix []string, arguments ...any) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	words := append(prefix[:len(prefix):len(prefix)], self)
	for _, argument := range arguments {
		words = append(words, fmt.Sprint(argument))
	}
	command := exec.Command(words[0], words[1:]...)
	// By default the race detector sleeps for a second at the end of a program.
	command.Env = append(os.Environ(), "PORTEND_TEST_CHILD="+name, "GORACE=atexit_sleep_ms=0")
	command.Stderr = os.Stderr
	return command
}

const silentHost = "10.66.0.9"

// inSilence returns the prefix of a command that runs in a network where silentHost never answers. It skips
// the test if no such network can be made.
func inSilence(t testing.TB) []string {
	prefix := []string{os.Getenv("PORTEND_KIT"), "network", "silent"}
	if said, err := exec.Command(prefix[0], append(prefix[1:], "true")...).CombinedOutput(); err != nil {
		t.Skip(string(said))
	}
	return prefix
}
