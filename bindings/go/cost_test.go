// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"io"
	"net"
	"os"
	"sort"
	"testing"
	"time"

	"github.com/portend/portend/bindings/go"
	"github.com/portend/portend/bindings/go/internal/direct"
)

// acceptor is the port of another process that accepts all connections.
func acceptor(t testing.TB) int {
	reservation, err := portend.Reserve("127.0.0.1")
	must(t, err)
	defer reservation.Close()
	must(t, reservation.Listen(1024))
	files, err := reservation.Files()
	must(t, err)
	defer files[0].Close()
	child := childCommand(t, "accepts", nil)
	child.ExtraFiles = files
	life, err := child.StdinPipe() // the child ends when it is closed
	must(t, err)
	must(t, child.Start())
	t.Cleanup(func() {
		life.Close()
		child.Wait()
	})
	return reservation.Port
}

func init() {
	children["accepts"] = func([]string) {
		listener, err := net.FileListener(os.NewFile(3, "inherited"))
		if err != nil {
			panic(err)
		}
		go func() {
			for {
				if client, err := listener.Accept(); err == nil {
					client.Close()
				}
			}
		}()
		io.Copy(io.Discard, os.Stdin)
	}
}

// inGo measures calls that are satisfied at once.
func inGo(t testing.TB, ctx context.Context, number, times int) time.Duration {
	began := time.Now()
	for index := 0; index < times; index++ {
		must(t, portend.Occupied(ctx, "127.0.0.1", number))
	}
	return time.Since(began)
}

// above measures how much longer a call takes in Go than in C: the median of many short alternating
// measurements.
func above(t testing.TB, ctx context.Context, number int) (more, ratio float64) {
	const batch, batches = 20, 101
	var differences, ratios []float64
	for range [batches]struct{}{} {
		c := float64(direct.Occupied("127.0.0.1", number, batch)) / batch / 1e3
		own := float64(inGo(t, ctx, number, batch)) / batch / 1e3
		differences, ratios = append(differences, own-c), append(ratios, own/c)
	}
	sort.Float64s(differences)
	sort.Float64s(ratios)
	return differences[batches/2], ratios[batches/2]
}

func contexts(t testing.TB) map[string]context.Context {
	cancelable, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return map[string]context.Context{
		"background": context.Background(), "cancelable": cancelable, "deadline": within(t, time.Hour),
	}
}

func BenchmarkOccupied(b *testing.B) {
	for name, ctx := range contexts(b) {
		b.Run(name, func(b *testing.B) {
			number := acceptor(b)
			inGo(b, ctx, number, 100)
			b.ResetTimer()
			inGo(b, ctx, number, b.N)
			b.StopTimer()
			more, ratio := above(b, ctx, number)
			b.ReportMetric(more, "µs-above-C/op")
			b.ReportMetric(ratio, "times-C/op")
		})
	}
}

func BenchmarkOccupiedInC(b *testing.B) {
	number := acceptor(b)
	b.ResetTimer()
	if direct.Occupied("127.0.0.1", number, b.N) < 0 {
		b.Fatal("it failed")
	}
}

func TestACallCostsLittleMoreThanInC(t *testing.T) {
	if raceDetector {
		t.Skip("users do not run with the race detector")
	}
	number := acceptor(t)
	for name, limit := range map[string]float64{"background": 15, "cancelable": 25, "deadline": 25} {
		ctx := contexts(t)[name]
		for attempt := 0; ; attempt++ { // the machine may be busy
			more, ratio := above(t, ctx, number)
			t.Logf("%s: %.1f µs more than C, %.2f times as much", name, more, ratio)
			if more <= limit {
				break
			}
			if attempt == 4 {
				t.Errorf("%s: %.1f µs more than C instead of %.0f", name, more, limit)
				break
			}
		}
	}
}
