// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"sync"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// loop runs the waits of all goroutines. The first wait runs in the thread of its goroutine, which is
// fastest. The others share a group, which needs one thread and a few descriptors for any number of waits.
// The group ends with its last wait.
type loop struct {
	mu     sync.Mutex
	direct bool // a wait runs in the thread of its goroutine
	group  native.Group
	begun  map[int64]groupWait // by the number of the wait in the group
	last   int64
}

// groupWait is a wait in the group.
type groupWait struct {
	waiter native.Waiter
	ended  chan int // gets the status
}

var waits loop

// run waits until the targets have reached their states or the context is canceled, and returns the status.
func (l *loop) run(ctx context.Context, wait *core, mode int, left limit) int {
	if l.beginDirect() {
		defer l.endDirect()
		return under(ctx, wait.cancel, func() int { return wait.native.Run(mode, left()) })
	}
	ended, status := l.start(ctx, wait.native, mode, left)
	if status != native.OK {
		return status
	}
	select {
	case status = <-ended:
	case <-ctx.Done():
		cancelUnlessDue(ctx, wait.cancel)
		status = <-ended
	}
	return status
}

var brief sync.Mutex

// briefly makes a short call of the library. On a busy machine Go would give a thread to each of
// many goroutines that do so at once.
func briefly[Answer any](call func() Answer) Answer {
	brief.Lock()
	defer brief.Unlock()
	return call()
}

func (l *loop) beginDirect() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	begun := !l.direct
	l.direct = true
	return begun
}

func (l *loop) endDirect() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.direct = false
}

// start begins a wait in the group. The remaining time is read with the lock held, since many goroutines may
// wait for the lock.
func (l *loop) start(ctx context.Context, waiter native.Waiter, mode int, left limit) (<-chan int, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	group := l.group
	if group == nil {
		group = native.NewGroup()
	}
	l.last++
	if status := begin(ctx, group, waiter, mode, left(), l.last); status != native.OK {
		if l.group == nil {
			native.DeleteGroup(group)
		}
		return nil, status
	}
	ended := make(chan int, 1)
	if l.group == nil {
		l.group, l.begun = group, map[int64]groupWait{}
		go l.serve(group)
	}
	l.begun[l.last] = groupWait{waiter, ended}
	return ended, native.OK
}

// begin starts a wait. A collection of garbage may suspend the goroutine for 50 ms before the library reads the
// clock. So the library gets the time of the deadline, not what was left of it.
func begin(ctx context.Context, group native.Group, waiter native.Waiter, mode int, left, id int64) int {
	deadline, has := ctx.Deadline()
	if !has || left == 0 {
		return group.Start(waiter, mode, left, id)
	}
	at, now := clocks()
	return group.Start_until(waiter, mode, now, int64(deadline.Sub(at)), id)
}

// clocks returns the same time, by the clocks of Go and of the library.
func clocks() (at time.Time, now int64) {
	const tries = 5
	for try := 0; try < tries; try++ {
		at, now = time.Now(), native.Now_ns()
		if time.Since(at) < time.Millisecond {
			break
		}
	}
	return at, now
}

// serve runs the group until it has no wait.
func (l *loop) serve(group native.Group) {
	for l.dispatch(group, group.Next(int64(native.FOREVER))) {
	}
	native.DeleteGroup(group)
}

// dispatch tells a wait that it has ended, or all waits that the group has failed. It reports whether waits
// remain. It also takes the waits out of the group: their goroutines would have to wait until the group rests.
func (l *loop) dispatch(group native.Group, status int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == native.OK {
		id := group.Ready()
		wait := l.begun[id]
		wait.ended <- wait.waiter.Process()
		delete(l.begun, id)
	} else {
		for id, wait := range l.begun {
			wait.waiter.Reset()
			wait.ended <- status
			delete(l.begun, id)
		}
	}
	if len(l.begun) > 0 {
		return true
	}
	l.group = nil
	return false
}
