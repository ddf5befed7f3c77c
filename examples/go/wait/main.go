// SPDX-License-Identifier: MIT

// Command wait waits for two services: wait DATABASE CACHE, each as HOST:PORT or a URL.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	portend "github.com/portend/portend/bindings/go"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: wait DATABASE CACHE")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := portend.WaitAll(ctx, portend.StateOccupied, os.Args[1:]...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ready")
}
