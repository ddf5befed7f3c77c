// SPDX-License-Identifier: MIT
// Waits as commanded, one wait per line:
//
//     occupied|free|bare_free HOST PORT TIMEOUT_MS INTERVAL_US
//
// Prints the result: "STATUS BEGAN ENDED CPU LOOKS". The times are nanoseconds of CLOCK_MONOTONIC and of the
// processor time of this process. LOOKS is the number of probes if an interval was given, or 0. An interval
// of 0 leaves it to portend. bare_free is bare::wait_until_free. peer.py does the same with python3-portend.
#include <portend/wait.h>
#include <portend/waiter_options.h>

#include <ctime>
#include <iostream>
#include <memory>
#include <string>

#include "bare.hpp"

namespace {

using Waiter = std::unique_ptr<portend_waiter, decltype(&portend_waiter_destroy)>;

struct Result {
  portend_status status = PORTEND_OK;
  std::int64_t looks = 0;
};

struct Wait {
  std::string state;
  std::string host;
  int port = 0;
  long timeout_ms = 0;
  long interval_us = 0;
};

long nanoseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

Result run_paced(const Wait& wait) {
  portend_waiter* created = nullptr;
  portend_waiter_create(&created);
  const Waiter waiter(created, portend_waiter_destroy);
  const auto wanted = wait.state == "free" ? PORTEND_STATE_FREE : PORTEND_STATE_OCCUPIED;
  portend_waiter_add(created, wait.host.c_str(), wait.port, wanted, nullptr);
  portend_waiter_set_interval(created, wait.interval_us, wait.interval_us);
  const auto status = portend_waiter_run(created, PORTEND_ALL, wait.timeout_ms);
  return {status, portend_waiter_probes(created, 0)};
}

Result run(const Wait& wait) {
  if (wait.state == "bare_free") {
    bare::wait_until_free(static_cast<std::uint16_t>(wait.port));
    return {};
  }
  if (wait.interval_us > 0) return run_paced(wait);
  const auto call = wait.state == "free" ? portend_free : portend_occupied;
  return {call(wait.host.c_str(), wait.port, wait.timeout_ms)};
}

}  // namespace

int main() {
  Wait wait;
  while (std::cin >> wait.state >> wait.host >> wait.port >> wait.timeout_ms >> wait.interval_us) {
    const auto cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    const auto began = nanoseconds(CLOCK_MONOTONIC);
    const auto [status, looks] = run(wait);
    const auto ended = nanoseconds(CLOCK_MONOTONIC);
    const auto cpu_taken = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    std::cout << status << ' ' << began << ' ' << ended << ' ' << cpu_taken << ' ' << looks << std::endl;
  }
}
