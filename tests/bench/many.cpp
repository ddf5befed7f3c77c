// SPDX-License-Identifier: MIT
// many HOST FIRST COUNT ROUNDS WAY...
//
// Probes COUNT adjacent ports, in each way in turn, ROUNDS times. Prints a line each time: the way, its
// elapsed time and processor time in nanoseconds, and the number of ports with a listener. HOST is a numeric
// IPv4 address.
#include <arpa/inet.h>
#include <portend/waiter_options.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "bare.hpp"
#include "probe/socket_table.hpp"
#include "sockets.hpp"

namespace {

namespace os = portend::os;
using Targets = std::vector<sockaddr_in>;
using Found = std::vector<bool>;
using Waiter = std::unique_ptr<portend_waiter, decltype(&portend_waiter_destroy)>;

/// More sockets at a time gain nothing (measured).
constexpr std::size_t window = 64;

Targets targets_at(const char* host, int first, int count) {
  Targets targets;
  for (int i = 0; i < count; ++i) {
    auto target = bare::loopback(static_cast<std::uint16_t>(first + i));
    inet_pton(AF_INET, host, &target.sin_addr);
    targets.push_back(target);
  }
  return targets;
}

/// The limit for probing all targets, which is more than enough. The default of one second may be too short
/// on a busy machine.
constexpr int attempt_limit_ms = 60000;

/// Everything: creates a waiter, adds all targets, runs it once, reads the results, and destroys it.
Found look_by_waiter(const Targets& targets, portend_state wanted) {
  portend_waiter* created = nullptr;
  portend_waiter_create(&created);
  const Waiter waiter(created, portend_waiter_destroy);
  portend_waiter_set_attempt_limit(created, attempt_limit_ms);
  std::array<char, INET_ADDRSTRLEN> host{};
  for (const auto& target : targets) {
    inet_ntop(AF_INET, &target.sin_addr, host.data(), host.size());
    portend_waiter_add(created, host.data(), ntohs(target.sin_port), wanted, nullptr);
  }
  portend_waiter_run(created, PORTEND_ALL, 0);
  Found found;
  for (int i = 0; i < portend_waiter_count(created); ++i) {
    found.push_back(portend_waiter_state(created, i) == PORTEND_STATE_OCCUPIED);
  }
  return found;
}

Found occupied(const Targets& targets) { return look_by_waiter(targets, PORTEND_STATE_OCCUPIED); }
Found free(const Targets& targets) { return look_by_waiter(targets, PORTEND_STATE_FREE); }

/// What a wait repeats while nothing happens: one scan of the table.
Found scan(const Targets& targets) {
  portend::probe::SocketTable table;
  if (!table.readable()) {
    std::fputs("the table cannot be asked here\n", stderr);
    std::exit(77);
  }
  std::vector<os::Endpoint> where;
  for (const auto& target : targets) where.push_back({os::loopback4, ntohs(target.sin_port)});
  std::vector<os::Listening> says(where.size());
  table.look(where, says);
  Found found;
  for (const auto answer : says) found.push_back(answer == os::Listening::yes);
  return found;
}

Found by_epoll(const Targets& targets) { return bare::look_by_epoll(targets, window); }

const std::map<std::string, std::function<Found(const Targets&)>> ways{
    {"occupied", occupied},
    {"free", free},
    {"scan", scan},
    {"bare_requests", bare::look_by_questions},
    {"bare_list", bare::look_by_list},
    {"bare_epoll", by_epoll},
};

long long nanoseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void run(const std::string& way, const Targets& targets) {
  const auto began = nanoseconds(CLOCK_MONOTONIC);
  const auto cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
  const auto found = ways.at(way)(targets);
  const auto cpu_taken = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  const auto took = nanoseconds(CLOCK_MONOTONIC) - began;
  std::printf("%s %lld %lld %td\n", way.c_str(), took, cpu_taken, std::ranges::count(found, true));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  raise_descriptor_limit();
  const auto targets = targets_at(argv[1], std::stoi(argv[2]), std::stoi(argv[3]));
  for (int round = std::stoi(argv[4]); round > 0; --round) {
    for (int i = 5; i < argc; ++i) run(argv[i], targets);
  }
}
