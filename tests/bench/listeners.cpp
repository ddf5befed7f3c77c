// SPDX-License-Identifier: MIT
// A snapshot of ten thousand sockets: listeners, or connections with their listener.
#include <benchmark/benchmark.h>
#include <portend/sockets.h>
#include <sys/socket.h>

#include "bare.hpp"
#include "sockets.hpp"

namespace {

constexpr std::size_t many = 10000;
constexpr unsigned tcp_kinds =
    PORTEND_SOCKETS_LISTENING | PORTEND_SOCKETS_BOUND | PORTEND_SOCKETS_CONNECTED | PORTEND_SOCKETS_TIME_WAIT;

void take(benchmark::State& state, unsigned kinds) {
  for (auto _ : state) {
    portend_sockets* found = nullptr;
    portend_sockets_create(1, 65535, kinds, &found);
    if (portend_sockets_count(found) < static_cast<int>(many))
      state.SkipWithError("some sockets are missing");
    if (portend_sockets_pid(found, 0) == 0) state.SkipWithError("an owner is missing");
    portend_sockets_destroy(found);
  }
}

void snapshot(benchmark::State& state) {
  const auto held = listeners(many);
  take(state, PORTEND_SOCKETS_LISTENING);
}

void bare_list(benchmark::State& state) {
  const auto held = listeners(many);
  for (auto _ : state) benchmark::DoNotOptimize(bare::look_by_list({}));
}

/// Half as many connections as sockets, with both ends of each. They end with a reset, because TIME_WAIT
/// would appear in the lists of the next round.
std::vector<Held> connections() {
  auto held = listeners(1);
  const auto where = bare::loopback(held.front().port());
  const linger reset{.l_onoff = 1, .l_linger = 0};
  while (held.size() < many) {
    held.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto client = held.back().descriptor();
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(client, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) break;
    held.emplace_back(accept4(held.front().descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  return held;
}

void snapshot_of_connections(benchmark::State& state) {
  const auto held = connections();
  take(state, tcp_kinds);
}

void bare_list_of_connections(benchmark::State& state) {
  const auto held = connections();
  for (auto _ : state) benchmark::DoNotOptimize(bare::count_by_list());
}

}  // namespace

BENCHMARK(snapshot)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_list)->Unit(benchmark::kMillisecond);
BENCHMARK(snapshot_of_connections)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_list_of_connections)->Unit(benchmark::kMillisecond);

int main(int argc, char** argv) {
  raise_descriptor_limit();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
