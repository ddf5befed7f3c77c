// SPDX-License-Identifier: MIT
// One probe of a port of this machine: a closed one, and one where a server listens.
#include <benchmark/benchmark.h>
#include <portend/wait.h>

#include "bare.hpp"
#include "sockets.hpp"

namespace {

/// Runs `look`, which returns whether a server listens, on a port without a listener.
template <class Look>
void look_at_closed(benchmark::State& state, Look look) {
  const auto closed = hold();
  const auto port = closed.port();
  for (auto _ : state) {
    if (look(port)) state.SkipWithError("a listener was seen on a closed port");
  }
}

/// The same on a port with a listener.
template <class Look>
void look_at_open(benchmark::State& state, Look look) {
  const auto open = hold();
  open.listen();
  const auto port = open.port();
  for (auto _ : state) {
    if (!look(port)) state.SkipWithError("no listener was seen on an open port");
  }
}

bool is_occupied(std::uint16_t port) { return portend_occupied("127.0.0.1", port, 0) == PORTEND_OK; }
bool occupied(std::uint16_t port) { return portend_occupied("127.0.0.1", port, 0) != PORTEND_ERR_TIMEOUT; }
bool assert_free(std::uint16_t port) { return portend_assert_free("127.0.0.1", port, 0) != PORTEND_OK; }

}  // namespace

BENCHMARK_CAPTURE(look_at_closed, occupied, occupied);
BENCHMARK_CAPTURE(look_at_closed, assert_free, assert_free);
BENCHMARK_CAPTURE(look_at_closed, bare_table, bare::is_listening);
BENCHMARK_CAPTURE(look_at_closed, bare_connect, bare::accepts);
BENCHMARK_CAPTURE(look_at_closed, bare_table_and_connect, bare::is_served);
BENCHMARK_CAPTURE(look_at_open, occupied, is_occupied);
BENCHMARK_CAPTURE(look_at_open, bare_table, bare::is_listening);

BENCHMARK_MAIN();
