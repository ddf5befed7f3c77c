// SPDX-License-Identifier: MIT

package portend_test

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/portend/portend/bindings/go"
)

func reserve(t *testing.T, host string) *portend.Reservation {
	t.Helper()
	reservation, err := portend.Reserve(host)
	must(t, err)
	t.Cleanup(func() { reservation.Close() })
	return reservation
}

func TestP34AReservedPortIsNobodyElses(t *testing.T) {
	reservation := reserve(t, "")
	number := reservation.Port
	fails(t, cannotBind(t, at(number), syscall.SOCK_STREAM), syscall.EADDRINUSE)
	must(t, portend.Free(expired(t), "127.0.0.1", number))
	equal(t, find(t, portend.Finder{Prefer: []int{number}}) != number, true)
	equal(t, strings.Contains(reservation.Explain(), fmt.Sprint(number)), true)
	must(t, reservation.Close())
	must(t, reservation.Close())
	canBind(t, "127.0.0.1", number)
	equal(t, reservation.Port, number)
}

func TestP34AServerOfPackageNetBindsTheNumberMeanwhile(t *testing.T) {
	reservation := reserve(t, "")
	_, number := listenOn(t, at(reservation.Port))
	must(t, portend.Occupied(within(t, long), "127.0.0.1", number))
}

// greets accepts one client and sends a word.
func greets(t *testing.T, listener net.Listener, word string) {
	t.Helper()
	client, err := net.Dial("tcp", listener.Addr().String())
	must(t, err)
	defer client.Close()
	served, err := listener.Accept()
	must(t, err)
	fmt.Fprintln(served, word)
	served.Close()
	var heard string
	fmt.Fscan(client, &heard)
	equal(t, heard, word)
}

func TestP34ItsSocketsServeAndOutliveIt(t *testing.T) {
	for host, count := range map[string]int{"": 1, "127.0.0.1": 1, "localhost": 2} {
		reservation := reserve(t, host)
		listeners, err := reservation.Listeners()
		must(t, err)
		equal(t, len(listeners), count)
		must(t, reservation.Close())
		for _, listener := range listeners {
			equal(t, listener.Addr().(*net.TCPAddr).Port, reservation.Port)
			greets(t, listener, "hello")
			must(t, listener.Close())
		}
	}
}

func TestP34AChildInheritsItsSockets(t *testing.T) {
	reservation := reserve(t, "127.0.0.1")
	must(t, reservation.Listen(5))
	files, err := reservation.Files()
	must(t, err)
	equal(t, len(files), 1)
	child := childCommand(t, "serves", nil)
	child.ExtraFiles = files
	must(t, child.Start())
	must(t, files[0].Close())
	client, err := net.Dial("tcp", at(reservation.Port))
	must(t, err)
	defer client.Close()
	var heard string
	fmt.Fscan(client, &heard)
	equal(t, heard, "hello-from-a-child")
	must(t, child.Wait())
}

func init() {
	children["serves"] = func([]string) {
		listener, err := net.FileListener(os.NewFile(3, "inherited"))
		if err != nil {
			panic(err)
		}
		client, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(client, "hello-from-a-child")
		client.Close()
	}
}

func TestP34NoChildInheritsASocketThatItIsNotGiven(t *testing.T) {
	files, err := reserve(t, "127.0.0.1").Files()
	must(t, err)
	defer files[0].Close()
	flags, _, failed := syscall.Syscall(syscall.SYS_FCNTL, files[0].Fd(), syscall.F_GETFD, 0)
	equal(t, failed, 0)
	equal(t, flags&syscall.FD_CLOEXEC != 0, true)
}

func TestP34AReservationHasTheWishesOfItsFinder(t *testing.T) {
	reservation, err := portend.Finder{First: 21000, Last: 21499}.Reserve()
	must(t, err)
	defer reservation.Close()
	equal(t, reservation.Port >= 21000 && reservation.Port < 21500, true)
}

func TestP34AReservationThatWasClosedCannotServe(t *testing.T) {
	reservation := reserve(t, "")
	fails(t, reservation.Listen(0), portend.ErrInvalid)
	must(t, reservation.Close())
	fails(t, reservation.Listen(5), portend.ErrInvalid, os.ErrClosed)
	_, err := reservation.Park()
	fails(t, err, os.ErrClosed)
	_, err = reservation.Files()
	fails(t, err, os.ErrClosed)
	_, err = reservation.Listeners()
	fails(t, err, os.ErrClosed)
	equal(t, reservation.Explain(), "")
}

func TestP34AReservationThatNobodyHasAnyMoreLetsGo(t *testing.T) {
	number := func() int {
		reservation, err := portend.Reserve("127.0.0.1")
		must(t, err)
		return reservation.Port
	}()
	waitUntil(t, func() bool {
		runtime.GC()
		return cannotBind(t, at(number), syscall.SOCK_STREAM) == nil
	})
}

func TestP35AParkedPortStaysWithServersThatReuseAddresses(t *testing.T) {
	reservation := reserve(t, "127.0.0.1")
	number := reservation.Port
	lasts, err := reservation.Park()
	must(t, err)
	equal(t, lasts.Seconds() >= 30, true)
	files, err := reservation.Files()
	must(t, err)
	equal(t, len(files), 0)
	fails(t, cannotBind(t, at(number), syscall.SOCK_STREAM), syscall.EADDRINUSE)
	equal(t, find(t, portend.Finder{Prefer: []int{number}}), number)
	_, err = reservation.Park()
	fails(t, err, portend.ErrInvalid)
	listenOn(t, at(number))
	must(t, portend.Occupied(within(t, long), "127.0.0.1", number))
}

func TestP34AReservationWithoutAPortIsRefused(t *testing.T) {
	var none portend.Reservation
	fails(t, none.Close(), portend.ErrInvalid)
	fails(t, none.Listen(5), portend.ErrInvalid)
	_, err := none.Files()
	fails(t, err, portend.ErrInvalid)
	equal(t, none.Explain(), "")
}
