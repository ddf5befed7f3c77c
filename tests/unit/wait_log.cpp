// SPDX-License-Identifier: MIT
#include "cli/wait_log.hpp"

#include <set>

#include "cli/duration.hpp"
#include "cli/reason.hpp"
#include "support/unit.hpp"

using namespace portend;
using namespace std::chrono_literals;

namespace {

using Schedule = cli::LogSchedule;
using Progress = Schedule::Progress;
using Indexes = std::vector<std::size_t>;

constexpr Progress unknown{};
constexpr Progress refused{.reached = false, .reason = PORTEND_REASON_REFUSED};
constexpr Progress silent{.reached = false, .reason = PORTEND_REASON_SILENT};
constexpr Progress reached{.reached = true, .reason = PORTEND_REASON_ACCEPTED};

const Schedule::Time start{};

void each_new_reason_is_due_once() {
  Schedule schedule(start);
  expect(schedule.update(start, {unknown, unknown}).targets.empty());
  expect(schedule.update(start, {refused, unknown}).targets == Indexes{0});
  expect(schedule.update(start, {refused, unknown}).targets.empty());
  expect(schedule.update(start, {refused, refused}).targets == Indexes{1});
  const Indexes both{0, 1};
  expect(schedule.update(start, {silent, silent}).targets == both);
  expect(schedule.update(start, {silent, refused}).targets == Indexes{1});
}

void a_state_that_is_reached_is_due_once() {
  Schedule schedule(start);
  expect(schedule.update(start, {refused, reached}).targets.size() == 2);
  expect(schedule.update(start, {reached, reached}).targets == Indexes{0});
  // The reason of a reached target may change, which is not logged.
  expect(schedule.update(start, {{.reached = true, .reason = PORTEND_REASON_LISTENING}, reached})
             .targets.empty());
}

void a_line_is_due_once_a_minute() {
  Schedule schedule(start);
  int lines = 0;
  for (auto time = 0ms; time <= 10min; time += 100ms) {
    const auto due = schedule.update(start + time, {refused});
    expect_equal(due.minute, time > 0ms && time % 1min == 0ms);
    lines += due.minute ? 1 : 0;
  }
  expect_equal(lines, 10);
}

void a_program_that_was_stopped_for_hours_prints_one_line() {
  Schedule schedule(start);
  expect(!schedule.update(start + 59s, {refused}).minute);
  expect(schedule.update(start + 3h + 30s, {refused}).minute);
  expect(!schedule.update(start + 3h + 59s, {refused}).minute);
  expect(schedule.update(start + 3h + 60s, {refused}).minute);
}

void durations_are_short_texts() {
  const struct {
    std::chrono::microseconds duration;
    const char* text;
  } durations[] = {
      {0us, "0.0 s"}, {99'999us, "0.0 s"},        {100ms, "0.1 s"}, {9'999ms, "9.9 s"},
      {10s, "10 s"},  {59'999ms, "59 s"},         {60s, "1 min"},   {59min + 59s, "59 min"},
      {1h, "1 h"},    {25h + 7min, "25 h 7 min"},
  };
  for (const auto& [duration, text] : durations)
    expect_equal(cli::duration_text(duration.count()), std::string(text));
}

void each_reason_names_the_address_in_its_own_way() {
  std::set<std::string> texts;
  for (int reason = PORTEND_REASON_ACCEPTED; reason <= PORTEND_REASON_NOT_LISTENING; ++reason) {
    const auto text = cli::describe(static_cast<portend_reason>(reason), "10.0.0.7");
    expect(texts.insert(text).second);
    expect(reason == PORTEND_REASON_UNRESOLVED || text.find("10.0.0.7") != text.npos);
    expect(!cli::describe(static_cast<portend_reason>(reason), "").empty());
  }
  expect_equal(cli::describe(PORTEND_REASON_BACKLOG_FULL, "::1"), std::string("accept queue of ::1 is full"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(each_new_reason_is_due_once), unit(a_state_that_is_reached_is_due_once),
      unit(a_line_is_due_once_a_minute), unit(a_program_that_was_stopped_for_hours_prints_one_line),
      unit(durations_are_short_texts),   unit(each_reason_names_the_address_in_its_own_way),
  };
  return cmocka_run_group_tests_name("cli/wait_log", tests, nullptr, nullptr);
}
