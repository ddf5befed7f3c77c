// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"sort"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
)

// TestP52ThousandsOfWaitsNeedFewThreadsAndDescriptors starts thousands of goroutines that wait at once, with
// deadlines spread over a second.
func TestP52ThousandsOfWaitsNeedFewThreadsAndDescriptors(t *testing.T) {
	const count, apart = 5000, 200 * time.Microsecond
	number := closedPort(t)
	fds, threads := entries(t, "/proc/self/fd"), entries(t, "/proc/self/task")
	spent := processorTime(t)
	late := make([]time.Duration, count)
	first := time.Now().Add(4 * time.Second)
	var all sync.WaitGroup
	for index := range late {
		index := index
		all.Add(1)
		go func() {
			defer all.Done()
			deadline := first.Add(time.Duration(index) * apart)
			ctx, cancel := context.WithDeadline(context.Background(), deadline)
			defer cancel()
			err := portend.Occupied(ctx, "127.0.0.1", number)
			late[index] = time.Since(deadline)
			if portend.ErrTimeout != err.(*portend.Error).Status {
				t.Error(err)
			}
		}()
	}
	time.Sleep(time.Until(first) / 2)
	moreFds, moreThreads := entries(t, "/proc/self/fd")-fds, entries(t, "/proc/self/task")-threads
	all.Wait()
	spent = (processorTime(t) - spent) / count
	sort.Slice(late, func(i, j int) bool { return late[i] < late[j] })
	t.Logf("%d descriptors, %d threads more, %v of processor time each; late: median %v, 99 %% %v, worst %v", moreFds, moreThreads,
		spent, late[count/2], late[count*99/100], late[count-1])
	equal(t, moreFds <= 16, true)
	equal(t, late[0] >= 0, true)
	if raceDetector {
		return // the race detector needs its own threads and time
	}
	equal(t, moreThreads <= 4, true)
	// Lateness depends on what else the machine does; cost does not.
	equal(t, spent <= time.Millisecond, true)
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func TestAWaitIsNotDelayedByThousandsOfOthers(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	number, port := closedPort(t), hold(t)
	var all sync.WaitGroup
	for range [1000]struct{}{} {
		all.Add(1)
		go func() {
			defer all.Done()
			fails(t, portend.Occupied(ctx, "127.0.0.1", number), portend.ErrCanceled, context.Canceled)
		}()
	}
	after(t, soon, port.listen)
	took(t, almost, func() { must(t, portend.Occupied(within(t, long), "127.0.0.1", port.number)) })
	cancel()
	all.Wait()
}

// slowContext reports its deadline half a minute late. One of package context is up to 50 ms late, if a
// collection of garbage comes between its look at the clock and the start of its timer.
type slowContext struct {
	context.Context
	deadline time.Time
}

func (c slowContext) Deadline() (time.Time, bool) { return c.deadline, true }

func TestALateContextDelaysNoWait(t *testing.T) {
	number := closedPort(t)
	reported, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	ctx := slowContext{reported, time.Now().Add(soon)}
	var all sync.WaitGroup
	for range [2]struct{}{} { // one runs in its thread, the other one in the group
		all.Add(1)
		go func() {
			defer all.Done()
			fails(t, portend.Occupied(ctx, "127.0.0.1", number), portend.ErrTimeout, context.DeadlineExceeded)
		}()
	}
	took(t, almost, all.Wait)
}

// TestP53ASecondGoroutineOnAWaiterIsRefusedInTheGroup has another wait in the thread of its goroutine, so
// that the group runs the wait of the test.
func TestP53ASecondGoroutineOnAWaiterIsRefusedInTheGroup(t *testing.T) {
	other := newWaiter(t, portend.Settings{})
	target := add(t)(other.AddOccupied("127.0.0.1", closedPort(t)))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- other.WaitAll(ctx) }()
	waitUntil(t, func() bool { return target.Probes() > 0 })
	aSecondUseIsRefused(t)
	cancel()
	fails(t, <-ended, portend.ErrCanceled)
}
