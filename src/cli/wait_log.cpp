// SPDX-License-Identifier: MIT
#include "wait_log.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "duration.hpp"
#include "print_error.hpp"
#include "reason.hpp"

namespace portend::cli {

namespace {

constexpr std::size_t most_in_first_line = 3;

std::string first_line(const Plan& plan) {
  std::string line = "Waiting for ";
  for (std::size_t i = 0; i < std::min(plan.size(), most_in_first_line); ++i) {
    if (i > 0) line += ", ";
    line += plan[i].text + " to be " + portend_state_text(plan[i].wanted);
  }
  if (plan.size() > most_in_first_line) {
    line += ", and " + std::to_string(plan.size() - most_in_first_line) + " more";
  }
  return line + ".";
}

}  // namespace

LogSchedule::Due LogSchedule::update(Time now, const std::vector<Progress>& targets) {
  Due due;
  told_.resize(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    auto& told = told_[i];
    const bool news = targets[i].reached ? !told.reached : targets[i].reason != told.reason;
    if (!news) continue;
    told = targets[i];
    due.targets.push_back(i);
  }
  if (now >= next_minute_) {
    due.minute = true;
    next_minute_ += std::chrono::floor<std::chrono::minutes>(now - next_minute_) + std::chrono::minutes(1);
  }
  return due;
}

WaitLog::WaitLog(portend_waiter* waiter, const Plan& plan)
    : waiter_(waiter), plan_(plan), printed_(plan.size()) {}

void WaitLog::update() {
  if (!begun_) print_error(first_line(plan_));
  begun_ = true;

  std::vector<LogSchedule::Progress> targets(plan_.size());
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto index = static_cast<int>(i);
    targets[i] = {.reached = portend_waiter_reached(waiter_, index) != 0,
                  .reason = portend_waiter_reason(waiter_, index)};
    if (!targets[i].reached) missing.push_back(i);
  }
  const auto due = schedule_.update(std::chrono::steady_clock::now(), targets);
  for (const auto i : due.targets) targets[i].reached ? print_reached(i) : print_missing(i, 1);
  if (due.minute && !missing.empty()) print_missing(missing.front(), missing.size());
}

void WaitLog::finish() {
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    if (portend_waiter_reached(waiter_, static_cast<int>(i)) != 0 && !printed_[i]) print_reached(i);
  }
}

void WaitLog::print_reached(std::size_t index) {
  const auto i = static_cast<int>(index);
  const auto probes = portend_waiter_probes(waiter_, i);
  const auto why = describe(portend_waiter_reason(waiter_, i), portend_waiter_address(waiter_, i));
  std::fprintf(stderr, "%s is %s after %.3f s. (%s, %lld %s)\n", plan_[index].text.c_str(),
               portend_state_text(plan_[index].wanted),
               static_cast<double>(portend_waiter_elapsed_us(waiter_, i)) / 1e6, why.c_str(),
               static_cast<long long>(probes), probes == 1 ? "probe" : "probes");
  printed_[index] = true;
}

void WaitLog::print_missing(std::size_t index, std::size_t count) {
  const auto waited = std::chrono::steady_clock::now() - began_;
  std::string line =
      "After " + duration_text(std::chrono::duration_cast<std::chrono::microseconds>(waited).count()) + ": ";
  if (count > 1) line += std::to_string(count) + " targets are missing. ";
  print_error(line + portend_waiter_explain(waiter_, static_cast<int>(index)));
}

}  // namespace portend::cli
