// SPDX-License-Identifier: MIT
// Finds ports: one, a thousand, and the only free one of a crowded range.
#include <benchmark/benchmark.h>
#include <portend/find.h>
#include <portend/reservation.h>

#include <algorithm>
#include <memory>

#include "bare.hpp"
#include "sockets.hpp"

namespace {

constexpr std::size_t many = 1000;
constexpr std::uint16_t range_size = 10000;

using Finder = std::unique_ptr<portend_finder, decltype(&portend_finder_destroy)>;

Finder make_finder() {
  portend_finder* finder = nullptr;
  portend_finder_create(&finder);
  return {finder, portend_finder_destroy};
}

void find_port(benchmark::State& state) {
  int port = 0;
  for (auto _ : state) {
    if (portend_find_port(nullptr, &port) != PORTEND_OK) state.SkipWithError(portend_last_error());
  }
  if (!hold_everywhere(static_cast<std::uint16_t>(port)).holds()) state.SkipWithError("no free port");
}

void find_port_bare(benchmark::State& state) {
  std::uint16_t port = 0;
  for (auto _ : state) port = bare::find_port();
  if (!hold_everywhere(port).holds()) state.SkipWithError("no free port");
}

template <class Number>
void require_different(benchmark::State& state, std::vector<Number> ports) {
  std::ranges::sort(ports);
  if (std::ranges::adjacent_find(ports) != ports.end()) state.SkipWithError("a port came twice");
}

void find_many(benchmark::State& state) {
  const auto finder = make_finder();
  std::vector<int> ports(many);
  for (auto _ : state) {
    if (portend_finder_find(finder.get(), ports.data(), many) != PORTEND_OK) {
      state.SkipWithError(portend_last_error());
    }
  }
  require_different(state, ports);
}

void find_many_bare(benchmark::State& state) {
  std::vector<std::uint16_t> ports;
  for (auto _ : state) ports = bare::find_ports(many);
  require_different(state, ports);
}

/// A range within the ephemeral range that is full except for one port.
class CrowdedRange {
 public:
  CrowdedRange() {
    for (auto port = first; port <= last; ++port) {
      if (port != left) taken_.push_back(hold_everywhere(port));
    }
  }

  static constexpr std::uint16_t first = 40000;
  static constexpr std::uint16_t last = first + range_size - 1;
  static constexpr std::uint16_t left = first + 7777;

 private:
  std::vector<Held> taken_;
};

template <class Find>
void find_the_one_left(benchmark::State& state, Find find) {
  static const CrowdedRange range;
  for (auto _ : state) {
    if (find() != CrowdedRange::left) state.SkipWithError("not the port that is left");
  }
}

int by_finder() {
  const auto finder = make_finder();
  int port = 0;
  portend_finder_set_range(finder.get(), CrowdedRange::first, CrowdedRange::last);
  portend_finder_find(finder.get(), &port, 1);
  return port;
}
int by_kernel() { return bare::find_port_in(CrowdedRange::first, CrowdedRange::last); }
int by_trying() { return bare::find_port_by_trying(CrowdedRange::first, CrowdedRange::last); }

int parked_port() {
  portend_reservation* reservation = nullptr;
  if (portend_reservation_create(nullptr, &reservation) != PORTEND_OK) return 0;
  const int port = portend_reservation_port(reservation);
  const auto status = portend_reservation_park(reservation, nullptr);
  portend_reservation_destroy(reservation);
  return status == PORTEND_OK ? port : 0;
}

int free_port() {
  int port = 0;
  return portend_find_port(nullptr, &port) == PORTEND_OK ? port : 0;
}

template <class ChoosePort>
void find_preferred(benchmark::State& state, ChoosePort choose_port) {
  const auto finder = make_finder();
  const int wanted = choose_port();
  int port = 0;
  portend_finder_add_preferred(finder.get(), wanted, wanted);
  portend_finder_set_only_preferred(finder.get(), 1);
  for (auto _ : state) portend_finder_find(finder.get(), &port, 1);
  if (port != wanted || port == 0) state.SkipWithError("not the preferred port");
}

}  // namespace

BENCHMARK(find_port);
BENCHMARK(find_port_bare);
BENCHMARK(find_many);
BENCHMARK(find_many_bare);
BENCHMARK_CAPTURE(find_preferred, free, free_port);
BENCHMARK_CAPTURE(find_preferred, time_wait, parked_port);
BENCHMARK_CAPTURE(find_the_one_left, finder, by_finder);
BENCHMARK_CAPTURE(find_the_one_left, bare_kernel, by_kernel);
BENCHMARK_CAPTURE(find_the_one_left, bare_trying, by_trying);

int main(int argc, char** argv) {
  raise_descriptor_limit();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
