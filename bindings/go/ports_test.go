// SPDX-License-Identifier: MIT

package portend_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"

	"github.com/portend/portend/bindings/go"
)

func find(t *testing.T, finder portend.Finder) int {
	t.Helper()
	number, err := finder.Find()
	must(t, err)
	return number
}

func canBind(t *testing.T, host string, number int) {
	t.Helper()
	must(t, cannotBind(t, net.JoinHostPort(host, fmt.Sprint(number)), syscall.SOCK_STREAM))
}

func TestP20AFoundPortCanBeBoundEverywhere(t *testing.T) {
	number, err := portend.FindPort("")
	must(t, err)
	for _, host := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		canBind(t, host, number)
	}
}

func TestP20AFoundPortCanBeBoundWhereItWasAskedFor(t *testing.T) {
	for host, address := range map[string]string{
		"127.0.0.1": "127.0.0.1", "::1": "::1", "localhost": "127.0.0.1",
	} {
		number, err := portend.FindPort(host)
		must(t, err)
		canBind(t, address, number)
	}
}

func TestP20AHostOfElsewhereHasNoPort(t *testing.T) {
	for host, wanted := range map[string]error{
		"192.0.2.1": portend.ErrNoPort, noName: portend.ErrResolve, "local host": portend.ErrInvalid,
	} {
		_, err := portend.FindPort(host)
		fails(t, err, wanted)
	}
}

func TestP21TheRangeHolds(t *testing.T) {
	numbers, err := portend.Finder{First: 20000, Last: 20049}.FindMany(10)
	must(t, err)
	for _, number := range numbers {
		equal(t, number >= 20000 && number <= 20049, true)
	}
	for _, finder := range []portend.Finder{
		{First: 5, Last: 1}, {First: 20000}, {Last: 20000}, {First: -1, Last: 80}, {First: 1, Last: 70000},
	} {
		_, err := finder.Find()
		fails(t, err, portend.ErrInvalid)
	}
}

func TestP21PreferredPortsComeFirstAndInOrder(t *testing.T) {
	taken, wanted := closedPort(t), find(t, portend.Finder{})
	equal(t, find(t, portend.Finder{Prefer: []int{taken, wanted}}), wanted)
	equal(t, find(t, portend.Finder{Prefer: []int{wanted}, OnlyPreferred: true}), wanted)
}

func TestP21ExcludedPortsAreNeverGiven(t *testing.T) {
	three, err := portend.Finder{}.FindMany(3)
	must(t, err)
	equal(t, find(t, portend.Finder{Prefer: three, Exclude: three[:2]}), three[2])
}

func TestP21ManyPortsAreDistinct(t *testing.T) {
	many, err := portend.Finder{}.FindMany(200)
	must(t, err)
	sort.Ints(many)
	for index := 1; index < len(many); index++ {
		equal(t, many[index-1] < many[index], true)
	}
	for _, count := range []int{0, -1, 65536, 1<<31 - 1, 1 << 40} {
		_, err := portend.Finder{}.FindMany(count)
		fails(t, err, portend.ErrInvalid)
	}
}

func TestP21APortForUDPAsWell(t *testing.T) {
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	number := taken.LocalAddr().(*net.UDPAddr).Port
	found := find(t, portend.Finder{Prefer: []int{number}, UDP: true})
	equal(t, found != number, true)
	must(t, cannotBind(t, at(found), syscall.SOCK_DGRAM))
	equal(t, find(t, portend.Finder{Prefer: []int{number}}), number)
}

func TestP21OneFamilyIsEnoughWhereItIsAskedFor(t *testing.T) {
	_, number := listenOn(t, "[::1]:0")
	options := portend.Finder{Host: "localhost", Prefer: []int{number}}
	equal(t, find(t, options) != number, true)
	options.Family = portend.FamilyIPv4
	equal(t, find(t, options), number)
	options.Family = 5
	_, err := options.Find()
	fails(t, err, portend.ErrInvalid)
}

func TestP21OutsideOfWhatTheSystemHandsOut(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	must(t, err)
	var low, high int
	fmt.Sscan(string(text), &low, &high)
	number := find(t, portend.Finder{AvoidEphemeral: true})
	equal(t, number < low || number > high, true)
}

func TestP21APortServerIsAskedUnlessItIsNotWanted(t *testing.T) {
	number := find(t, portend.Finder{AvoidEphemeral: true})
	place := filepath.Join(t.TempDir(), "server")
	t.Setenv("PORTSERVER_ADDRESS", place)
	service := holdAs(t, place, 0)
	service.listen()
	tell("serve", service.socket, "answer", fmt.Sprint(number, `\n`))
	equal(t, find(t, portend.Finder{NoPortServer: true}) != number, true)
	equal(t, find(t, portend.Finder{}), number)
	equal(t, tell("heard", service.socket), fmt.Sprint("1 ", os.Getpid()))
}

func TestP43TheFirstPortFromANumberOnIsGivenOnceForAWhile(t *testing.T) {
	before := closedPort(t)
	found := find(t, portend.Finder{From: before})
	equal(t, found > before, true)
	equal(t, find(t, portend.Finder{From: before}) > found, true)
	preferred := portend.Finder{Prefer: []int{find(t, portend.Finder{})}}
	equal(t, find(t, preferred), preferred.Prefer[0])
	equal(t, find(t, preferred) != preferred.Prefer[0], true)
}

func TestP58AReturnedPortOfAPortServerIsFoundAgain(t *testing.T) {
	number := find(t, portend.Finder{AvoidEphemeral: true})
	place := filepath.Join(t.TempDir(), "server")
	t.Setenv("PORTSERVER_ADDRESS", place)
	service := holdAs(t, place, 0)
	service.listen()
	tell("serve", service.socket, "answer", fmt.Sprint(number, `\n`))
	equal(t, find(t, portend.Finder{}), number)
	tell("serve", service.socket, "answer")
	equal(t, find(t, portend.Finder{}) != number, true)
	must(t, portend.ReturnPort(number))
	equal(t, find(t, portend.Finder{}), number)
	equal(t, find(t, portend.Finder{}) != number, true)
}

func TestP58AReturnedPortThatWasPreferredIsFoundAgain(t *testing.T) {
	number := find(t, portend.Finder{})
	preferred := portend.Finder{Prefer: []int{number}}
	equal(t, find(t, preferred), number)
	equal(t, find(t, preferred) != number, true)
	must(t, portend.ReturnPort(number))
	equal(t, find(t, preferred), number)
	for _, none := range []int{0, -1, 65536, 1 << 40} {
		fails(t, portend.ReturnPort(none), portend.ErrInvalid)
	}
}

func TestP43ANameHasItsPort(t *testing.T) {
	finder := portend.Finder{Name: "a project of the tests of Go"}
	number := find(t, finder)
	equal(t, find(t, finder), number)
	equal(t, number >= 10000 && number < 30000, true)
}

func TestP43PortsInARowAndPortsForBrowsers(t *testing.T) {
	ports, err := portend.Finder{Consecutive: true}.FindMany(4)
	must(t, err)
	for index, port := range ports {
		equal(t, port, ports[0]+index)
	}
	ports, err = portend.Finder{First: 6660, Last: 6672, BrowserSafe: true}.FindMany(5)
	must(t, err)
	for _, port := range ports {
		equal(t, port < 6665 || port > 6669, true)
	}
}

func TestP44SeveralPortsAreReservedOrNone(t *testing.T) {
	several, err := portend.Finder{Consecutive: true}.ReserveMany(3)
	must(t, err)
	first := several[0].Port
	for index, reservation := range several {
		defer reservation.Close()
		equal(t, reservation.Port, first+index)
	}
	_, err = portend.Finder{First: first, Last: first + 2}.ReserveMany(3)
	fails(t, err, portend.ErrNoPort)
	_, err = portend.Finder{}.ReserveMany(0)
	fails(t, err, portend.ErrInvalid)
}

func TestP44AProgramThatIsExecutedInheritsIt(t *testing.T) {
	if os.Getenv("PORTEND_TEST_INHERIT") != "" {
		reservation := reserve(t, "")
		must(t, reservation.Inherit())
		fmt.Println(reservation.Port)
		must(t, syscall.Exec("/bin/cat", []string{"cat"}, os.Environ()))
	}
	child := exec.Command(os.Args[0], "-test.run", "^TestP44AProgramThatIsExecutedInheritsIt$")
	child.Env = append(os.Environ(), "PORTEND_TEST_INHERIT=1")
	orders, err := child.StdinPipe()
	must(t, err)
	answers, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	var number int
	var answer string
	_, err = fmt.Fscanln(answers, &number)
	must(t, err)
	fmt.Fprintln(orders, "executed")
	_, err = fmt.Fscanln(answers, &answer)
	must(t, err)
	equal(t, answer, "executed")
	_, err = portend.Finder{Prefer: []int{number}, OnlyPreferred: true}.Find()
	fails(t, err, portend.ErrNoPort)
	must(t, orders.Close())
	must(t, child.Wait())
}

func TestP22NoPortIsAnErrorOfItsOwn(t *testing.T) {
	number := server(t)
	finder := portend.Finder{Prefer: []int{number}, OnlyPreferred: true}
	_, err := finder.Find()
	_, reserved := finder.Reserve()
	for _, failed := range []error{err, reserved} {
		fails(t, failed, portend.ErrNoPort)
		equal(t, os.IsTimeout(failed), false)
		equal(t, strings.Contains(failed.Error(), fmt.Sprint(number)), true)
	}
}
