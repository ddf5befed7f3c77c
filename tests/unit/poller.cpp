// SPDX-License-Identifier: MIT
#include "os/poller.hpp"

#include <unistd.h>

#include "support/unit.hpp"

using namespace portend;

namespace {

constexpr unsigned patience_s = 20;

void a_moment_that_has_passed_ends_the_wait_at_once() {
  os::Poller poller;
  alarm(patience_s);  // ends the test if the poller sleeps
  for (const auto until : {os::Instant::min(), os::Instant(), os::Clock::now()}) {
    const auto ready = poller.wait(until);
    expect(ready && ready->empty());
  }
  alarm(0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_moment_that_has_passed_ends_the_wait_at_once),
  };
  return cmocka_run_group_tests_name("os/poller", tests, nullptr, nullptr);
}
