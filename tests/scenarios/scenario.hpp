// SPDX-License-Identifier: MIT
// One wait in its own world, and checks that apply to every wait.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fake_os/world.hpp"
#include "support/unit.hpp"
#include "wait/waiter.hpp"

namespace portend::test {

using namespace std::chrono_literals;
using fake::Behavior;
using fake::Notice;
using os::Duration;
using wait::Evidence;
using wait::Goal;
using wait::Mode;
using wait::Outcome;
using wait::Reason;
using wait::State;

inline constexpr Duration forever{-1};
inline const std::string far = "10.0.0.1";   // another machine
inline const std::string far2 = "10.0.0.2";  // and one more
inline const std::string here = "127.0.0.1";
inline constexpr std::uint16_t port = 80;

/// Ends the program if descriptors are open when it is destroyed.
struct LeakCheck {
  explicit LeakCheck(fake::World& of) : world(of) {}
  LeakCheck(const LeakCheck&) = delete;
  LeakCheck& operator=(const LeakCheck&) = delete;
  ~LeakCheck();
  fake::World& world;
};

class Scenario {
 public:
  Scenario() { ++count; }
  explicit Scenario(Goal goal, const std::string& host = far) : Scenario() { want(goal, host); }

  /// Adds a target. The getters are about the first one.
  wait::TargetId want(Goal goal, const std::string& host, std::uint16_t at_port = port) {
    return waiter.add(host, at_port, goal);
  }

  /// Runs the wait to its end, and checks that no descriptor is left open.
  Outcome run(Duration timeout = forever, Mode mode = Mode::all);
  Outcome resume();

  /// Runs the wait, and checks its outcome, reason and time.
  void expect_end(Outcome outcome, Reason reason, Duration when, Duration timeout = forever);
  /// The same, for a range of times.
  void expect_end_within(Outcome outcome, Reason reason, Duration first, Duration last,
                         Duration timeout = forever);

  /// Sleeps until the descriptor is readable, as a foreign event loop does.
  void wait_readable(int descriptor);
  /// Runs a started wait as a foreign event loop does.
  Outcome run_loop();

  [[nodiscard]] const wait::Target& target(wait::TargetId id = 0) const {
    return waiter.table().targets()[id];
  }
  [[nodiscard]] Duration elapsed() const { return world.elapsed(); }

  fake::World world;
  LeakCheck leak_check{world};
  wait::Waiter waiter;

  static inline int count = 0;  // in this program

 private:
  Outcome checked(Outcome outcome);
};

/// A scenario that is one row of a table.
struct Row {
  const char* name;
  std::function<void()> run;
};
void run_rows(const std::vector<Row>& rows);

/// Calls cmocka_run_group_tests, and prints the number of scenarios.
int run_all(const char* name, const CMUnitTest* tests, std::size_t count);

template <std::size_t size>
int run_scenarios(const char* name, const CMUnitTest (&tests)[size]) {
  return run_all(name, tests, size);
}

}  // namespace portend::test
