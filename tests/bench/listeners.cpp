// SPDX-License-Identifier: MIT
// A snapshot of ten thousand listeners.
#include <benchmark/benchmark.h>
#include <portend/listeners.h>

#include "bare.hpp"
#include "sockets.hpp"

namespace {

constexpr std::size_t many = 10000;

void snapshot(benchmark::State& state) {
  for (auto _ : state) {
    portend_listeners* found = nullptr;
    portend_listeners_create(0, &found);
    if (portend_listeners_count(found) < static_cast<int>(many)) state.SkipWithError("not all are there");
    portend_listeners_destroy(found);
  }
}

void bare_list(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(bare::look_by_list({}));
}

}  // namespace

BENCHMARK(snapshot)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_list)->Unit(benchmark::kMillisecond);

int main(int argc, char** argv) {
  raise_descriptor_limit();
  const auto held = listeners(many);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
