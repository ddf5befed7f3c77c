// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"sort"
	"sync"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
)

// TestThousandsOfWaitsNeedFewThreadsAndDescriptors has so many goroutines wait at once, whose
// deadlines are spread over a second.
func TestThousandsOfWaitsNeedFewThreadsAndDescriptors(t *testing.T) {
	const count, apart = 5000, 200 * time.Microsecond
	number := nobody(t)
	fds, threads := entries(t, "/proc/self/fd"), entries(t, "/proc/self/task")
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
	sort.Slice(late, func(i, j int) bool { return late[i] < late[j] })
	t.Logf("%d descriptors and %d threads more; late: median %v, 99 %% %v, worst %v", moreFds, moreThreads,
		late[count/2], late[count*99/100], late[count-1])
	equal(t, moreFds <= 16, true)
	equal(t, late[0] >= 0, true)
	if raceDetector {
		return // it needs threads and time of its own
	}
	equal(t, moreThreads <= 4, true)
	equal(t, late[count/2] <= 20*time.Millisecond, true) // the machine may be busy with something else
}

func TestAWaitIsNotDelayedByThousandsOfOthers(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	number, port := nobody(t), hold(t)
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
