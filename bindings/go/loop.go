// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"sync"

	"github.com/portend/portend/bindings/go/internal/native"
)

// loop runs the waits of all goroutines. The first wait runs in the thread of its goroutine, which is
// fastest. The others share a group, which needs one thread and a few descriptors for any number of waits.
// The group ends with its last wait.
type loop struct {
	mu     sync.Mutex
	direct bool // a wait runs in the thread of its goroutine
	group  native.Group
	ended  map[int64]chan int // by the number of the wait in the group
	last   int64
}

var waits loop

// run waits until the targets have reached their states or the context is canceled, and returns the status.
func (l *loop) run(ctx context.Context, wait *core, mode int, left limit) int {
	waiter := wait.native
	if l.beginDirect() {
		defer l.endDirect()
		return under(ctx, wait.cancel, func() int { return waiter.Run(mode, left()) })
	}
	ended, status := l.start(waiter, mode, left)
	if status != native.OK {
		return status
	}
	select {
	case status = <-ended:
	case <-ctx.Done():
		cancelUnlessDue(ctx, wait.cancel)
		status = <-ended
	}
	if status != native.OK {
		waiter.Reset() // removes it from the group
		return status
	}
	return briefly(waiter.Process)
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
func (l *loop) start(waiter native.Waiter, mode int, left limit) (<-chan int, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	group := l.group
	if group == nil {
		group = native.NewGroup()
	}
	l.last++
	if status := group.Start(waiter, mode, left(), l.last); status != native.OK {
		if l.group == nil {
			native.DeleteGroup(group)
		}
		return nil, status
	}
	ended := make(chan int, 1)
	if l.group == nil {
		l.group, l.ended = group, map[int64]chan int{}
		go l.serve(group)
	}
	l.ended[l.last] = ended
	return ended, native.OK
}

// serve runs the group until it has no wait.
func (l *loop) serve(group native.Group) {
	for l.dispatch(group, group.Next(int64(native.FOREVER))) {
	}
	native.DeleteGroup(group)
}

// dispatch tells a wait that it has ended, or all waits that the group has failed. It reports whether waits
// remain.
func (l *loop) dispatch(group native.Group, status int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == native.OK {
		id := group.Ready()
		l.ended[id] <- status
		delete(l.ended, id)
	} else {
		for id, ended := range l.ended {
			ended <- status
			delete(l.ended, id)
		}
	}
	if len(l.ended) > 0 {
		return true
	}
	l.group = nil
	return false
}
