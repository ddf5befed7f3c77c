// SPDX-License-Identifier: MIT
#include "scenarios/scenario.hpp"

#include <cstdlib>

#include "fake_os/system/files.hpp"

namespace portend::test {

LeakCheck::~LeakCheck() {
  world.finish_lookups();
  if (world.open_count() == 0) return;
  print_error("%zu descriptors are left open\n", world.open_count());
  std::abort();
}

Outcome Scenario::run(Duration timeout, Mode mode) {
  const bool is_forever = timeout == forever;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
  return checked(waiter.run(mode, is_forever ? -1 : ms));
}

Outcome Scenario::resume() { return checked(waiter.resume()); }

Outcome Scenario::checked(Outcome outcome) {
  if (outcome == Outcome::pending || outcome == Outcome::interrupted) return outcome;
  world.finish_lookups();  // a resolver thread has its own descriptor
  // The wakeup that cancel() raises, also in a signal handler, stays until the waiter is destroyed.
  const auto wakeups = world.files_of<fake::WakeupFile>().size();
  expect(wakeups <= 1);
  expect_equal(world.open_count(), wakeups);
  return outcome;
}

void Scenario::wait_readable(int descriptor) {
  const auto epoll = world.file_as<fake::EpollFile>(descriptor);
  expect(epoll != nullptr);
  world.sleep([&] { return epoll->readable(); }, epoll->armed);
}

Outcome Scenario::run_loop() {
  for (;;) {
    const auto outcome = waiter.process();
    if (outcome != Outcome::pending) return outcome;
    wait_readable(waiter.descriptor());
  }
}

void Scenario::expect_end(Outcome outcome, Reason reason, Duration when, Duration timeout) {
  expect_end_within(outcome, reason, when, when, timeout);
}

void Scenario::expect_end_within(Outcome outcome, Reason reason, Duration first, Duration last,
                                 Duration timeout) {
  expect_equal(run(timeout), outcome);
  expect_equal(target().reason, reason);
  if (elapsed() < first) expect_equal(elapsed(), first);
  if (elapsed() > last) expect_equal(elapsed(), last);
}

void run_rows(const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    try {
      row.run();
    } catch (Failed& failure) {
      failure.what = std::string(row.name) + ": " + failure.what;
      throw;
    } catch (const std::exception& failure) {
      throw Failed{std::string(row.name) + ": " + failure.what(), __FILE__, __LINE__};
    }
  }
}

int run_all(const char* name, const CMUnitTest* tests, std::size_t count) {
  const int failed = exit_code(_cmocka_run_group_tests(name, tests, count, nullptr, nullptr), count);
  print_message("%d scenarios\n", Scenario::count);
  return failed;
}

}  // namespace portend::test
