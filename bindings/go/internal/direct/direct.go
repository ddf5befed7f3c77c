// SPDX-License-Identifier: MIT

// Package direct is the C library without the binding, for tests to compare with.
package direct

/*
#cgo portend_system pkg-config: portend
#cgo !portend_system CFLAGS: -DPORTEND_AMALGAMATION -I${SRCDIR}/../native
#cgo !portend_system LDFLAGS: -Wl,-unresolved-symbols=ignore-all
#include <errno.h>
#include <malloc.h>
#ifdef PORTEND_AMALGAMATION
#include "portend.h" // package native has the functions
#else
#include <portend/portend.h>
#endif
#include <stdlib.h>
#include <time.h>

static const char *sentence(const char *call, const char *host, int port, int64_t timeout_ms) {
  const portend_status status = call[0] == 'o'   ? portend_occupied(host, port, timeout_ms)
                                : call[0] == 'f' ? portend_free(host, port, timeout_ms)
                                                 : portend_assert_free(host, port, timeout_ms);
  return status < 0 ? portend_last_error() : "";
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t occupied(const char *host, int port, int times) {
  const int64_t began = now();
  for (int i = 0; i < times; ++i) {
    if (portend_occupied(host, port, PORTEND_FOREVER) != PORTEND_OK) return -1;
  }
  return now() - began;
}

static size_t allocated(void) {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
*/
import "C"

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	_ "github.com/portend/portend/bindings/go/internal/native"
)

// Version of the header: what programs are compiled with.
func Version() string {
	return fmt.Sprintf("%d.%d.%d", C.PORTEND_VERSION_MAJOR, C.PORTEND_VERSION_MINOR, C.PORTEND_VERSION_PATCH)
}

// Statuses is how many failures C has a text for.
func Statuses() int {
	count, unknown := 0, C.GoString(C.portend_strerror(-1000000))
	for C.GoString(C.portend_strerror(C.portend_status(-count-1))) != unknown {
		count++
	}
	return count
}

// Sentence is what portend_last_error says after "occupied", "free" or "assert_free"; "" if
// that did not fail.
func Sentence(call, host string, port int, timeoutMs int64) string {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	callC, hostC := C.CString(call), C.CString(host)
	defer C.free(unsafe.Pointer(callC))
	defer C.free(unsafe.Pointer(hostC))
	return C.GoString(C.sentence(callC, hostC, C.int(port), C.int64_t(timeoutMs)))
}

// Occupied is how long C takes for so many calls of portend_occupied that are satisfied at
// once; negative if one fails.
func Occupied(host string, port, times int) time.Duration {
	hostC := C.CString(host)
	defer C.free(unsafe.Pointer(hostC))
	return time.Duration(C.occupied(hostC, C.int(port), C.int(times)))
}

// Monotonic is what CLOCK_MONOTONIC says.
func Monotonic() time.Duration { return time.Duration(C.now()) }

// Allocated is how many bytes C has allocated.
func Allocated() int { return int(C.allocated()) }
