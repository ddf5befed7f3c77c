// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
)

const listenOnPort = `import os, socket
server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
while True: server.accept()[0].close()`

func python(text string) *exec.Cmd { return exec.Command("python3", "-c", text) }

func TestP55AServerIsReadyAndEnds(t *testing.T) {
	server, err := portend.StartServer(context.Background(), python(listenOnPort))
	must(t, err)
	t.Cleanup(func() { server.Stop() })
	must(t, portend.Occupied(expired(t), "127.0.0.1", server.Port()))
	equal(t, server.Alive(), true)
	pid := server.PID()
	must(t, server.Stop())
	must(t, server.Stop())
	must(t, portend.Free(expired(t), "127.0.0.1", server.Port()))
	fails(t, syscall.Kill(pid, 0), syscall.ESRCH)
}

func TestP56AServerThatDiesIsToldWithItsOutput(t *testing.T) {
	_, err := portend.StartServer(context.Background(), python(`import sys; print("no database"); sys.exit(3)`))
	fails(t, err, portend.ErrGone)
	equal(t, strings.Contains(err.Error(), "no database"), true)
}

func TestP56AServerThatDoesNotListenInTimeIsEnded(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second/2)
	defer cancel()
	_, err := portend.StartServer(ctx, exec.Command("sleep", "600"))
	fails(t, err, context.DeadlineExceeded)
}

func TestP57AProgramThatDoesNotSetSoReuseaddr(t *testing.T) {
	strict := `import os, socket
server = socket.socket()
server.bind(("127.0.0.1", int(os.environ["PORT"])))
server.listen()
server.accept()`
	_, err := portend.StartServer(context.Background(), python(strict))
	fails(t, err, portend.ErrGone)
	equal(t, strings.Contains(err.Error(), "SO_REUSEADDR"), true)
	server, err := portend.ServerOptions{Unreserved: true}.Start(context.Background(), python(strict))
	must(t, err)
	must(t, portend.Occupied(expired(t), "127.0.0.1", server.Port()))
	must(t, server.Stop())
}

func TestP57AnotherProcessServesThePort(t *testing.T) {
	port, err := portend.FindPort("127.0.0.1")
	must(t, err)
	listening := make(chan net.Listener, 1)
	time.AfterFunc(time.Second/5, func() {
		foreign, _ := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		listening <- foreign
	})
	options := portend.ServerOptions{Port: port, AnyOwner: true}
	server, err := options.Start(context.Background(), exec.Command("sleep", "600"))
	must(t, err)
	must(t, (<-listening).Close())
	equal(t, server.Alive(), true)
	must(t, server.Stop())
}

func TestACanceledContextEndsAStart(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(time.Second/5, cancel)
	_, err := portend.StartServer(ctx, exec.Command("sleep", "600"))
	fails(t, err, context.Canceled)
}

func TestAZeroServerCannotBeStopped(t *testing.T) {
	var server portend.Server
	equal(t, server.Stop() != nil, true)
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	_, err := portend.StartServer(context.Background(), exec.Command("/no/such/program"))
	equal(t, err != nil && !errors.Is(err, context.Canceled), true)
}
