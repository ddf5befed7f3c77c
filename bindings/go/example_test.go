// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"github.com/portend/portend/bindings/go"
)

// serve is the port of a server, and unused is one without a listener.
func serve() (port int, stop func()) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		log.Fatal(err)
	}
	return listener.Addr().(*net.TCPAddr).Port, func() { listener.Close() }
}

func unused() int {
	port, err := portend.FindPort("")
	if err != nil {
		log.Fatal(err)
	}
	return port
}

func ExampleOccupied() {
	port, stop := serve()
	defer stop()

	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := portend.Occupied(ctx, "localhost", port); err != nil {
		log.Fatal(err)
	}
	fmt.Println("up")
	// Output: up
}

func ExampleFree() {
	port, stop := serve()
	time.AfterFunc(50*time.Millisecond, stop)

	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := portend.Free(ctx, "localhost", port); err != nil {
		log.Fatal(err)
	}
	fmt.Println("gone")
	// Output: gone
}

func ExampleAssertFree() {
	port, stop := serve()
	defer stop()

	err := portend.AssertFree(context.Background(), "localhost", port)
	fmt.Println(errors.Is(err, portend.ErrNotFree))
	// Output: true
}

func ExampleIsOccupied() {
	up, err := portend.IsOccupied(context.Background(), "localhost", unused())
	fmt.Println(up, err)
	// Output: false <nil>
}

func ExampleError() {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := portend.Occupied(ctx, "localhost", unused())

	var failure *portend.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded): // portend.ErrTimeout says the same
		fmt.Println("not in time")
	case errors.Is(err, context.Canceled):
		fmt.Println("given up")
	case errors.As(err, &failure):
		fmt.Println(failure.Status, failure.Host, failure.Port)
	}
	// Output: not in time
}

// A wait that Ctrl-C ends.
func ExampleOccupied_interrupt() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		time.AfterFunc(50*time.Millisecond, func() { self.Signal(os.Interrupt) })
	}
	err := portend.Occupied(ctx, "localhost", unused())
	fmt.Println(errors.Is(err, context.Canceled))
	// Output: true
}

func ExampleWaitAll() {
	port, stop := serve()
	defer stop()
	db, cache := fmt.Sprintf("localhost:%d", port), fmt.Sprintf("127.0.0.1:%d", port)

	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	fmt.Println(portend.WaitAll(ctx, portend.StateOccupied, db, cache))
	// Output: <nil>
}

func ExampleWaitAny() {
	port, stop := serve()
	defer stop()
	one, other := fmt.Sprintf("localhost:%d", port), fmt.Sprintf("localhost:%d", unused())

	up, err := portend.WaitAny(context.Background(), portend.StateOccupied, other, one)
	fmt.Println(len(up), up[0] == one, err)
	// Output: 1 true <nil>
}

func ExampleWaiter() {
	port, stop := serve()
	defer stop()
	server := exec.Command("sleep", "1")
	if err := server.Start(); err != nil {
		log.Fatal(err)
	}
	defer server.Wait()

	waiter, err := portend.NewWaiter(portend.Settings{PID: server.Process.Pid})
	if err != nil {
		log.Fatal(err)
	}
	defer waiter.Close()
	db, err := waiter.AddOccupied("localhost", port)
	if err != nil {
		log.Fatal(err)
	}
	if err := waiter.WaitAll(context.Background()); errors.Is(err, portend.ErrGone) {
		log.Fatal("the server has died: ", err)
	}
	fmt.Println(db.State(), db.Reason(), db.Address())
	// Output: occupied listening 127.0.0.1
}

func ExampleWatch() {
	port, stop := serve()
	db := fmt.Sprintf("127.0.0.1:%d", port)

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	watch, err := portend.Watch(ctx, db)
	if err != nil {
		log.Fatal(err)
	}
	for event := range watch.C {
		fmt.Println(event.State, event.Reason)
		stop()
	}
	if err := watch.Err(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// occupied listening
	// free refused
}

func ExampleFinder() {
	finder := portend.Finder{First: 20000, Last: 29999, Exclude: []int{22222}, UDP: true}
	ports, err := finder.FindMany(3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(ports), ports[0] >= 20000, ports[0] != ports[1])
	// Output: 3 true true
}

func ExampleReserve() {
	reservation, err := portend.Reserve("127.0.0.1")
	if err != nil {
		log.Fatal(err)
	}
	defer reservation.Close() // the port is reserved until then

	listeners, err := reservation.Listeners()
	if err != nil {
		log.Fatal(err)
	}
	defer listeners[0].Close() // for http.Serve
	fmt.Println(listeners[0].Addr().(*net.TCPAddr).Port == reservation.Port)
	// Output: true
}

// A child that serves on the socket, as by the convention of systemd.
func ExampleReservation_Files() {
	reservation, err := portend.Reserve("127.0.0.1")
	if err != nil {
		log.Fatal(err)
	}
	defer reservation.Close()

	server := exec.Command("sh", "-c", "test -S /dev/fd/3 && echo it has a socket")
	server.Stdout = os.Stdout
	if server.ExtraFiles, err = reservation.Files(); err != nil {
		log.Fatal(err)
	}
	if err := server.Start(); err != nil {
		log.Fatal(err)
	}
	for _, file := range server.ExtraFiles {
		file.Close()
	}
	reservation.Close()
	server.Wait()
	// Output: it has a socket
}

func ExampleReservation_Park() {
	reservation, err := portend.Reserve("127.0.0.1")
	if err != nil {
		log.Fatal(err)
	}
	lasts, err := reservation.Park()
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", reservation.Port))
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()
	fmt.Println(lasts)
	// Output: 1m0s
}

func ExampleListenersOn() {
	port, stop := serve()
	defer stop()

	found, err := portend.ListenersOn(port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(found), found[0].Address.Addr(), found[0].PID == os.Getpid())
	// Output: 1 127.0.0.1 true
}

func ExampleParseTarget() {
	host, port, err := portend.ParseTarget("[::1]:5432")
	fmt.Println(host, port, err)
	text, err := portend.FormatTarget(host, port)
	fmt.Println(text, err)
	_, _, err = portend.ParseTarget("::1:5432")
	fmt.Println(err)
	// Output:
	// ::1 5432 <nil>
	// [::1]:5432 <nil>
	// '::1:5432' is not a target: an IPv6 address needs brackets, as in [::1]:80.
}
