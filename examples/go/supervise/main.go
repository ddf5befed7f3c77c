// SPDX-License-Identifier: MIT

// Command supervise starts a server again whenever it ends: supervise COMMAND [ARGUMENT...]. The
// command finds its port in $PORT, or in an argument "{port}". SIGINT and SIGTERM stop it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	portend "github.com/portend/portend/bindings/go"
)

func supervise(ctx context.Context, name string, arguments ...string) error {
	reservation, err := portend.Reserve("")
	if err != nil {
		return err
	}
	defer reservation.Close()
	options := portend.ServerOptions{Port: reservation.Port}
	address := fmt.Sprintf("127.0.0.1:%d", options.Port)
	server, err := options.Start(ctx, exec.Command(name, arguments...))
	if err != nil {
		return err
	}
	watch, err := portend.Watch(ctx, address)
	if err != nil {
		return err
	}
	for event := range watch.C {
		fmt.Println("port", options.Port, "is", event.State)
		if event.State == portend.StateFree {
			if err := server.Stop(); err != nil {
				return err
			}
			if server, err = options.Start(ctx, exec.Command(name, arguments...)); err != nil {
				return err
			}
		}
	}
	if err := server.Stop(); err != nil {
		return err
	}
	return watch.Err()
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: supervise COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := supervise(ctx, os.Args[1], os.Args[2:]...); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
