// SPDX-License-Identifier: MIT

package portend

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/portend/portend/bindings/go/internal/native"
)

// Server is a program that serves a port, for tests. The port is found and reserved. The program gets it in
// the variable PORT, and in place of {port} in its arguments. Its descendants end with it, also if this
// process is killed.
type Server struct {
	native   native.Server // nil in a zero Server
	patience time.Duration // between TERM and KILL
}

// ServerOptions are the options of a server. The zero value has the defaults.
type ServerOptions struct {
	Port       int           // the port that it must listen on, which is not reserved; 0 to find one
	AnyPort    bool          // accept another port than the one it was given
	AnyOwner   bool          // accept a listener of another process
	Unreserved bool          // release the port at the start, for a program that does not set SO_REUSEADDR
	Output     string        // a file that its output is appended to; "" for none
	Grace      time.Duration // between TERM and KILL; 0 for 10 s
}

const usualGrace = 10 * time.Second

// StartServer starts a program, and waits until it or one of its descendants listens, or until the context
// ends. Stop it by Server.Stop, for example in t.Cleanup. Only Args, Env and Dir of the command are used. The
// variables of Env are added to those of this process.
func StartServer(ctx context.Context, command *exec.Cmd) (*Server, error) {
	return ServerOptions{}.Start(ctx, command)
}

// Start is StartServer with options.
func (o ServerOptions) Start(ctx context.Context, command *exec.Cmd) (*Server, error) {
	s := &Server{native: native.NewServer(), patience: o.Grace}
	if s.patience == 0 {
		s.patience = usualGrace
	}
	runtime.SetFinalizer(s, func(s *Server) { native.DeleteServer(s.native) })
	if err := s.set(o, command); err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		s.native.Stop(s.grace())
		return nil, err
	}
	return s, nil
}

func (s *Server) set(o ServerOptions, command *exec.Cmd) (err error) {
	note := func(status int) {
		if err == nil {
			err = s.check(status)
		}
	}
	words := command.Args
	if len(words) == 0 {
		return refusal(place{}, "The command is missing: give the program and its arguments, as exec.Command does.")
	}
	if command.Path != "" && len(words) > 0 {
		words = append([]string{command.Path}, words[1:]...)
	}
	for _, word := range words {
		note(s.native.Add_word(word))
	}
	for _, variable := range command.Env {
		name, value, _ := strings.Cut(variable, "=")
		note(s.native.Set_environment(name, value))
	}
	note(s.native.Set_directory(command.Dir))
	if o.Port != 0 {
		note(s.native.Set_port(o.Port))
	}
	note(s.native.Set_any_port(flag(o.AnyPort)))
	note(s.native.Set_any_owner(flag(o.AnyOwner)))
	note(s.native.Set_reserved(flag(!o.Unreserved)))
	note(s.native.Set_output(o.Output))
	note(s.native.Set_grace(s.grace()))
	return err
}

func (s *Server) start(ctx context.Context) error {
	over := ctx.Err()
	if errors.Is(over, context.Canceled) {
		return canceled(place{}, "", over)
	}
	status := under(ctx, s.native.Cancel, func() int { return s.native.Start(milliseconds(ctx, over)) })
	if Status(status) == ErrTimeout {
		awaitDeadline(ctx)
	}
	if Status(status) == ErrCanceled {
		return canceled(place{}, s.native.Message(), ctx.Err())
	}
	return s.check(status)
}

// grace returns the grace in milliseconds.
func (s *Server) grace() int64 { return wholeUnits(s.patience, time.Millisecond) }

// Stop ends all processes of the server, and waits until its port is free. It may be called again.
func (s *Server) Stop() error {
	if s.native == nil {
		return errClosed
	}
	return s.check(s.native.Stop(s.grace()))
}

// Port is the port that the server listens on.
func (s *Server) Port() int { return answer(s, native.Server.Port) }

// PID is the process id of the program.
func (s *Server) PID() int { return int(answer(s, native.Server.Pid)) }

// Alive reports whether the server runs.
func (s *Server) Alive() bool { return answer(s, native.Server.Alive) == 1 }

// ExitStatus is the exit code of the program, or 128 + the number of its signal; -1 while it runs.
func (s *Server) ExitStatus() int { return answer(s, native.Server.Exit_status) }

// Output is the last 8 KiB that the server wrote.
func (s *Server) Output() string { return answer(s, native.Server.Output) }

// answer keeps the server from being garbage-collected during the call.
func answer[Answer any](s *Server, question func(native.Server) Answer) Answer {
	defer runtime.KeepAlive(s)
	return question(s.native)
}

func (s *Server) check(status int) error {
	return failure(status, place{}, s.native.Message, s.native.Errno)
}
