// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"os/signal"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
)

const (
	// The promised latency, for most waits; the machine may be busy at times.
	promised = 100 * time.Millisecond
	generous = 2 * time.Second
	moments  = 150
)

func TestP24OtherGoroutinesRunDuringAWait(t *testing.T) {
	number := closedPort(t)
	var rounds, ended int64
	for range [4]struct{}{} {
		go func() {
			for atomic.LoadInt64(&ended) == 0 {
				atomic.AddInt64(&rounds, 1)
				time.Sleep(time.Millisecond)
			}
		}()
	}
	before := atomic.LoadInt64(&rounds)
	fails(t, portend.Occupied(within(t, soon), "127.0.0.1", number), portend.ErrTimeout)
	during := atomic.LoadInt64(&rounds) - before
	atomic.StoreInt64(&ended, 1)
	equal(t, during > 100, true)
}

func TestP24ManyGoroutinesWaitAtTheSameTime(t *testing.T) {
	number := closedPort(t)
	took(t, soon, func() {
		var all sync.WaitGroup
		for range [100]struct{}{} {
			all.Add(1)
			go func() {
				defer all.Done()
				ctx, cancel := context.WithTimeout(context.Background(), soon)
				defer cancel()
				if err := portend.Occupied(ctx, "127.0.0.1", number); !os.IsTimeout(err) {
					t.Error(err)
				}
			}()
		}
		all.Wait()
	})
}

// isPrompt measures how long after the end of its context, at a random moment, a wait ends.
func isPrompt(t *testing.T, wait func(context.Context) error, end func(cancel func())) {
	var latencies []time.Duration
	for range [moments]struct{}{} {
		ctx, cancel := context.WithCancel(context.Background())
		interrupted, restore := signal.NotifyContext(ctx, os.Interrupt)
		sent := make(chan time.Time, 1)
		timer := time.AfterFunc(time.Duration(rand.Int63n(int64(20*time.Millisecond))), func() {
			sent <- time.Now()
			end(cancel)
		})
		err := wait(interrupted)
		latencies = append(latencies, time.Since(<-sent))
		timer.Stop()
		restore()
		cancel()
		fails(t, err, portend.ErrCanceled, context.Canceled)
	}
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	worst := latencies[len(latencies)-1]
	t.Logf("median %v, worst %v of %d", latencies[len(latencies)/2], worst, len(latencies))
	if latencies[len(latencies)*97/100] > promised || worst > generous {
		t.Error(latencies)
	}
}

func pressCtrlC(func()) { syscall.Kill(os.Getpid(), syscall.SIGINT) }

func TestP25CtrlCEndsAWaitAtAnyMoment(t *testing.T) {
	number := closedPort(t)
	isPrompt(t, func(ctx context.Context) error {
		return portend.Occupied(ctx, "127.0.0.1", number)
	}, pressCtrlC)
}

func TestP25CtrlCEndsAWaitWithADeadline(t *testing.T) {
	number := closedPort(t)
	isPrompt(t, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, long)
		defer cancel()
		return portend.Occupied(ctx, "127.0.0.1", number)
	}, pressCtrlC)
}

func TestP25CtrlCEndsAWaitForAListenerToLeave(t *testing.T) {
	number := server(t)
	isPrompt(t, func(ctx context.Context) error {
		return portend.Free(ctx, "localhost", number)
	}, pressCtrlC)
}

func TestP25CtrlCEndsAWatchOfMany(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	up, down := server(t), closedPort(t)
	for range [20]struct{}{} {
		add(t)(waiter.Watch("127.0.0.1", down))
		add(t)(waiter.Watch("localhost", up))
	}
	isPrompt(t, func(ctx context.Context) error {
		for {
			if _, err := waiter.Next(ctx); err != nil {
				return err
			}
		}
	}, pressCtrlC)
}

func TestP25CtrlCKillsAProgramThatDoesNotCatchIt(t *testing.T) {
	child := childCommand(t, "waits", nil, closedPort(t))
	output, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	output.Read(make([]byte, 1))
	time.Sleep(soon)
	began := time.Now()
	must(t, child.Process.Signal(os.Interrupt))
	child.Wait()
	equal(t, time.Since(began) < generous, true)
	equal(t, child.ProcessState.Sys().(syscall.WaitStatus).Signal(), syscall.SIGINT)
}

func init() {
	children["waits"] = func(arguments []string) {
		number, _ := strconv.Atoi(arguments[0])
		fmt.Println("waiting")
		fmt.Println(portend.Occupied(context.Background(), "::1", number))
	}
	children["looksAtSilence"] = func([]string) {
		ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt)
		defer restore()
		ctx, cancel := context.WithTimeout(ctx, long)
		defer cancel()
		fmt.Println("looking")
		fmt.Println(portend.AssertFree(ctx, silentHost, 80))
	}
}

func TestP25CtrlCEndsASingleLookAtASilentHost(t *testing.T) {
	child := childCommand(t, "looksAtSilence", inSilence(t))
	output, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	said := make([]byte, 100)
	size, _ := output.Read(said)
	equal(t, string(said[:size]), "looking\n")
	time.Sleep(soon)
	began := time.Now()
	must(t, child.Process.Signal(os.Interrupt))
	size, _ = output.Read(said)
	equal(t, string(said[:size]), "The wait was canceled.\n")
	child.Wait()
	equal(t, time.Since(began) < generous, true)
}

func TestP26ASignalThatIsHandledDoesNotEndAWait(t *testing.T) {
	number := closedPort(t)
	rings := make(chan os.Signal, 1000)
	signal.Notify(rings, syscall.SIGUSR1)
	defer signal.Stop(rings)
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(time.Millisecond):
				syscall.Kill(os.Getpid(), syscall.SIGUSR1)
			}
		}
	}()
	took(t, soon, func() {
		fails(t, portend.Occupied(within(t, soon), "127.0.0.1", number), portend.ErrTimeout)
	})
	close(ended)
	equal(t, len(rings) >= 10, true)
}

func TestP27AContextCancelsAWait(t *testing.T) {
	number := closedPort(t)
	isPrompt(t, func(ctx context.Context) error {
		return portend.Occupied(ctx, "127.0.0.1", number)
	}, func(cancel func()) { cancel() })
}

func TestP27ACanceledContextIsNotWaitedFor(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, call := range []func(context.Context, string, int) error{
		portend.Occupied, portend.Free, portend.AssertFree,
	} {
		err := call(ctx, "127.0.0.1", server(t))
		fails(t, err, portend.ErrCanceled, context.Canceled)
		equal(t, err.Error(), portend.ErrCanceled.Error())
		equal(t, os.IsTimeout(err), false)
	}
}

func TestP39AResetDuringAWaitIsRefused(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	target := add(t)(waiter.AddOccupied("127.0.0.1", closedPort(t)))
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error, 1)
	go func() { first <- waiter.WaitAll(ctx) }()
	waitUntil(t, func() bool { return target.Probes() > 0 })
	after(t, soon/10, cancel)
	for {
		err := waiter.Reset()
		if ctx.Err() != nil {
			break
		}
		fails(t, err, portend.ErrInvalid)
	}
	fails(t, <-first, portend.ErrCanceled)
	must(t, waiter.Reset())
	fails(t, waiter.WaitAll(expired(t)), portend.ErrTimeout)
}

func TestP27AWaiterCanWaitAgainAfterItWasCanceled(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	port := hold(t)
	target := add(t)(waiter.AddOccupied("127.0.0.1", port.number))
	ctx, cancel := context.WithCancel(context.Background())
	after(t, soon, cancel)
	fails(t, waiter.WaitAll(ctx), context.Canceled)
	equal(t, target.Reason(), portend.ReasonRefused)
	after(t, soon, port.listen)
	must(t, waiter.WaitAll(within(t, long)))
}

func TestP27ClosingAWaiterEndsItsWait(t *testing.T) {
	waiter := newWaiter(t, portend.Settings{})
	add(t)(waiter.AddOccupied("127.0.0.1", closedPort(t)))
	after(t, soon, func() { waiter.Close() })
	took(t, almost, func() {
		fails(t, waiter.WaitAll(context.Background()), portend.ErrCanceled, os.ErrClosed)
	})
	fails(t, waiter.WaitAll(within(t, long)), portend.ErrInvalid, os.ErrClosed)
	_, err := waiter.AddFree("127.0.0.1", 80)
	fails(t, err, os.ErrClosed)
	fails(t, waiter.Reset(), os.ErrClosed)
}

func TestP33TheDeathOfAProcessEndsTheWait(t *testing.T) {
	process := exec.Command("sleep", "60")
	must(t, process.Start())
	waiter := newWaiter(t, portend.Settings{PID: process.Process.Pid})
	add(t)(waiter.AddOccupied("127.0.0.1", closedPort(t)))
	after(t, soon, func() { process.Process.Kill() })
	took(t, almost, func() {
		err := waiter.WaitAll(within(t, long))
		fails(t, err, portend.ErrGone)
		equal(t, os.IsTimeout(err), false)
		var died int
		fmt.Sscanf(err.Error(), "Process %d exited", &died)
		equal(t, died, process.Process.Pid)
	})
	process.Wait()
}

func TestP33APortThatIsUpCountsMoreThanItsProcess(t *testing.T) {
	process := exec.Command("true")
	must(t, process.Run())
	waiter := newWaiter(t, portend.Settings{PID: process.Process.Pid})
	add(t)(waiter.AddOccupied("127.0.0.1", server(t)))
	must(t, waiter.WaitAll(within(t, long)))
}

func TestP39ASecondGoroutineOnAWaiterIsRefused(t *testing.T) { aSecondUseIsRefused(t) }

func aSecondUseIsRefused(t *testing.T) {
	t.Helper()
	waiter := newWaiter(t, portend.Settings{})
	port := hold(t)
	target := add(t)(waiter.AddOccupied("127.0.0.1", port.number))
	first := make(chan error, 1)
	go func() { first <- waiter.WaitAll(context.Background()) }()
	waitUntil(t, func() bool { return target.Probes() > 0 })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, use := range []func() error{
		func() error { return waiter.WaitAll(ctx) },
		func() error { return waiter.AssertFree(ctx) },
		func() error { _, err := waiter.Next(ctx); return err },
		func() error { _, err := waiter.AddOccupied("127.0.0.1", 80); return err },
		waiter.Reset,
	} {
		fails(t, use(), portend.ErrInvalid)
	}
	cancel()
	fails(t, waiter.WaitAll(ctx), portend.ErrCanceled)
	select {
	case err := <-first:
		t.Fatalf("the first has ended: %v", err)
	case <-time.After(soon / 3):
	}
	equal(t, target.Reached(), false)
	port.listen()
	must(t, <-first)
	equal(t, target.Reached(), true)
}
