// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
	"github.com/portend/portend/bindings/go/internal/direct"
)

const (
	soon = 300 * time.Millisecond
	// Allows for the time between the start of an action and that of the measurement.
	almost = soon - 50*time.Millisecond
)

// expired returns a context whose deadline has passed, which means a timeout of 0.
func expired(t testing.TB) context.Context { return within(t, 0) }

func TestP01OccupiedReturnsAtOnceWhereSomethingListens(t *testing.T) {
	number := server(t)
	took(t, 0, func() { must(t, portend.Occupied(within(t, long), "localhost", number)) })
	took(t, 0, func() { must(t, portend.Occupied(context.Background(), "localhost", number)) })
}

func TestP02OccupiedReturnsSoonAfterSomethingListens(t *testing.T) {
	port := hold(t)
	after(t, soon, port.listen)
	took(t, almost, func() { must(t, portend.Occupied(within(t, long), "127.0.0.1", port.number)) })
}

func TestP03OccupiedTimesOutAndNotBefore(t *testing.T) {
	number := closedPort(t)
	took(t, soon, func() {
		isTimeout(t, portend.Occupied(within(t, soon), "localhost", number),
			fmt.Sprintf("Port %d not bound on localhost.", number))
	})
}

// wideLocalhost is localhost as East Asian keyboards type it.
const wideLocalhost = "ｌｏｃａｌｈｏｓｔ"

func TestP60AHostInAnotherScriptIsLookedUpAlike(t *testing.T) {
	number := server(t)
	must(t, portend.Occupied(within(t, long), wideLocalhost, number))
	must(t, portend.WaitAll(within(t, long), portend.StateOccupied, fmt.Sprintf("%s:%d", wideLocalhost, number)))
	isTimeout(t, portend.Free(expired(t), wideLocalhost, number),
		fmt.Sprintf("Port %d not free on %s.", number, wideLocalhost))
	err := portend.Occupied(within(t, long), "bücher..invalid", 80)
	fails(t, err, portend.ErrResolve)
	equal(t, strings.Contains(err.Error(), "bücher..invalid"), true)
	fails(t, portend.Occupied(within(t, long), "b\xfccher.invalid", 80), portend.ErrInvalid)
}

// isTimeout checks that the error is a timeout by each way to ask.
func isTimeout(t *testing.T, err error, sentence string) {
	t.Helper()
	fails(t, err, portend.ErrTimeout, context.DeadlineExceeded, os.ErrDeadlineExceeded)
	var network net.Error
	if !errors.As(err, &network) || !network.Timeout() || !os.IsTimeout(err) {
		t.Errorf("%v is not a net.Error of a timeout", err)
	}
	var own *portend.Error
	if !errors.As(err, &own) || own.Status != portend.ErrTimeout || own.Port == 0 {
		t.Errorf("%#v is not a portend.Error with its target", err)
	}
	if !strings.HasPrefix(err.Error(), sentence+" (") {
		t.Errorf("%q does not begin with %q", err, sentence)
	}
}

func TestP04FreeReturnsAtOnceWhereNobodyListens(t *testing.T) {
	number := closedPort(t)
	took(t, 0, func() { must(t, portend.Free(within(t, long), "localhost", number)) })
}

func TestP05FreeReturnsSoonAfterTheListenerHasGone(t *testing.T) {
	port := hold(t)
	port.listen()
	after(t, soon, port.close)
	took(t, almost, func() { must(t, portend.Free(within(t, long), "127.0.0.1", port.number)) })
}

func TestP06FreeTimesOutAndNotBefore(t *testing.T) {
	number := server(t)
	took(t, soon, func() {
		isTimeout(t, portend.Free(within(t, soon), "localhost", number),
			fmt.Sprintf("Port %d not free on localhost.", number))
	})
}

func TestP07ADeadlineThatHasPassedSeesWhatIsThere(t *testing.T) {
	must(t, portend.Occupied(expired(t), "127.0.0.1", server(t)))
	must(t, portend.Free(expired(t), "127.0.0.1", closedPort(t)))
	fails(t, portend.Free(expired(t), "127.0.0.1", server(t)), portend.ErrTimeout)
}

func TestP07ADeadlineThatHasPassedLooksExactlyOnce(t *testing.T) {
	err := portend.Occupied(expired(t), "127.0.0.1", closedPort(t))
	fails(t, err, portend.ErrTimeout)
	if !strings.HasSuffix(err.Error(), "(refused by 127.0.0.1, "+oneProbe()+")") {
		t.Error(err)
	}
}

// oneProbe is how a message counts a single probe of a closed port of this machine: one in the socket table,
// and a connection that confirms it.
func oneProbe() string {
	if os.Getenv("PORTEND_PROBE") == "connect" {
		return "1 probe"
	}
	return "2 probes"
}

// lateContext reports that it is over, but has no deadline to ask for.
type lateContext struct{ context.Context }

func (lateContext) Deadline() (time.Time, bool) { return time.Time{}, false }

func TestP07AContextOfAnotherMakeEndsAWaitAsWell(t *testing.T) {
	number := closedPort(t)
	took(t, soon, func() {
		err := portend.Occupied(lateContext{within(t, soon)}, "127.0.0.1", number)
		fails(t, err, context.DeadlineExceeded)
	})
	err := portend.Occupied(lateContext{expired(t)}, "127.0.0.1", number)
	fails(t, err, context.DeadlineExceeded)
}

func TestP08WithoutADeadlineAWaitGoesOnUntilItHappens(t *testing.T) {
	port := hold(t)
	after(t, soon, port.listen)
	took(t, almost, func() { must(t, portend.Occupied(context.Background(), "127.0.0.1", port.number)) })
	after(t, soon, port.close)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	took(t, almost, func() { must(t, portend.Free(ctx, "127.0.0.1", port.number)) })
}

func TestP08ADeadlineMayBeCenturiesAway(t *testing.T) {
	must(t, portend.Occupied(within(t, 1<<63-1), "127.0.0.1", server(t)))
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(1<<40, 0))
	defer cancel()
	must(t, portend.Occupied(ctx, "127.0.0.1", server(t)))
}

func TestP17AListenerOnIPv6AloneIsFound(t *testing.T) {
	_, number := listenOn(t, "[::1]:0")
	for _, host := range []string{"::1", "localhost"} {
		must(t, portend.Occupied(within(t, long), host, number))
		fails(t, portend.Free(expired(t), host, number), portend.ErrTimeout)
	}
}

func TestP18AWildcardIsLookedAtWhereAClientWould(t *testing.T) {
	number := server(t)
	for host, client := range map[string]string{
		"0.0.0.0": "127.0.0.1", "::": "::1", "::0": "::1", "::0.0.0.0": "::1",
	} {
		must(t, portend.Occupied(within(t, long), host, number))
		fails(t, portend.Free(expired(t), host, number), portend.ErrTimeout)
		equal(t, portend.ClientHost(host), client)
	}
	equal(t, portend.ClientHost("db.example"), "db.example")
}

func TestP23TheSentencesAreThoseOfC(t *testing.T) {
	type call = func(context.Context, string, int) error
	calls := map[string]call{
		"occupied": portend.Occupied, "free": portend.Free, "assert_free": portend.AssertFree,
	}
	up, down := server(t), closedPort(t)
	for _, one := range []struct {
		name string
		host string
		port int
	}{
		{"occupied", "localhost", down}, {"free", "127.0.0.1", up}, {"assert_free", "localhost", up},
		{"free", noName, 80}, {"occupied", "localhost", 0}, {"occupied", "localhost", 65536},
		{"free", "localhost", -1}, {"occupied", "local host", 80}, {"occupied", "", 80},
		{"free", "", 0}, {"assert_free", "[::1]", 80},
	} {
		err := calls[one.name](expired(t), one.host, one.port)
		said := direct.Sentence(one.name, one.host, one.port, 0)
		if err == nil || said == "" || err.Error() != said {
			t.Errorf("%q instead of %q", err, said)
		}
	}
}
