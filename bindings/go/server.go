// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Server is a program that serves a port, for tests. The port is found and kept. The program learns
// it from PORT in its environment, and from {port} in its arguments. All that it started ends with
// it, also if this process is killed.
type Server struct {
	mu     sync.Mutex
	native native.Server // nil in a zero Server
	grace  time.Duration
}

// ServerOptions are the options of a server. The zero value has the usual ones.
type ServerOptions struct {
	Port    int           // the port that it must listen on, which is not kept; 0 for one that is found
	AnyPort bool          // another port than it was told will do
	Output  string        // a file that its output is appended to; "" for none
	Grace   time.Duration // between TERM and KILL; 0 for 10 s
}

const usualGrace = 10 * time.Second

// StartServer starts a program, and waits until it or a descendant of it listens, or until the
// context ends. Stop it by Server.Stop, as in t.Cleanup. Of the command, Args, Env and Dir count; the
// variables of Env are added to those of this process.
func StartServer(ctx context.Context, command *exec.Cmd) (*Server, error) {
	return ServerOptions{}.Start(ctx, command)
}

// Start is StartServer with options.
func (o ServerOptions) Start(ctx context.Context, command *exec.Cmd) (*Server, error) {
	s := &Server{native: native.NewServer(), grace: o.Grace}
	if s.grace == 0 {
		s.grace = usualGrace
	}
	runtime.SetFinalizer(s, (*Server).release)
	if err := s.set(o, command); err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		s.native.Stop(wholeUnits(s.grace, time.Millisecond))
		return nil, err
	}
	return s, nil
}

func (s *Server) set(o ServerOptions, command *exec.Cmd) error {
	words := command.Args
	if command.Path != "" && len(words) > 0 {
		words = append([]string{command.Path}, words[1:]...)
	}
	for _, word := range words {
		if err := s.check(s.native.Add_word(word)); err != nil {
			return err
		}
	}
	for _, variable := range command.Env {
		name, value, _ := strings.Cut(variable, "=")
		if err := s.check(s.native.Set_environment(name, value)); err != nil {
			return err
		}
	}
	return firstError(
		func() error { return s.check(s.native.Set_directory(command.Dir)) },
		func() error { return s.setPort(o.Port) },
		func() error { return s.check(s.native.Set_any_port(flag(o.AnyPort))) },
		func() error { return s.check(s.native.Set_output(o.Output)) },
		func() error { return s.check(s.native.Set_grace(wholeUnits(s.grace, time.Millisecond))) },
	)
}

func (s *Server) setPort(port int) error {
	if port == 0 {
		return nil
	}
	return s.check(s.native.Set_port(port))
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) start(ctx context.Context) error {
	over := ctx.Err()
	if errors.Is(over, context.Canceled) {
		return canceled(place{}, "", over)
	}
	returned, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-returned:
		case <-ctx.Done():
			if _, has := ctx.Deadline(); !has || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				s.native.Cancel()
			}
		}
	}()
	status := s.native.Start(milliseconds(ctx, over))
	close(returned)
	<-left
	if Status(status) == ErrTimeout {
		awaitDeadline(ctx)
	}
	if Status(status) == ErrCanceled {
		return canceled(place{}, s.native.Message(), ctx.Err())
	}
	return s.check(status)
}

// Stop ends all processes of the server, and waits until its port is free. It may be called again.
func (s *Server) Stop() error {
	if s.native == nil {
		return errClosed
	}
	return s.check(s.native.Stop(wholeUnits(s.grace, time.Millisecond)))
}

// Port is the port that it listens on.
func (s *Server) Port() int { return s.native.Port() }

// PID is the process of the program.
func (s *Server) PID() int { return int(s.native.Pid()) }

// Alive tells whether it runs.
func (s *Server) Alive() bool { return s.native.Alive() == 1 }

// ExitStatus is the exit code of the program, or 128 and its signal; -1 while it runs.
func (s *Server) ExitStatus() int { return s.native.Exit_status() }

// Output is the last 8 KiB of what it wrote.
func (s *Server) Output() string { return s.native.Output() }

func (s *Server) check(status int) error {
	return failure(status, place{}, s.native.Message, s.native.Errno)
}

func (s *Server) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.native != nil {
		native.DeleteServer(s.native)
		s.native = nil
	}
}
