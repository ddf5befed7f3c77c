// SPDX-License-Identifier: MIT
// portend watch HOST:PORT...
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include "commands.hpp"
#include "handles.hpp"
#include "output.hpp"
#include "print_error.hpp"
#include "waiter_options.hpp"

namespace portend::cli {

namespace {

/// How often what makes no event is looked after.
constexpr std::chrono::milliseconds round{1000};

/// "2026-11-22T18:11:02.123456Z" (RFC 3339)
std::string time_text(std::int64_t realtime_ns) {
  const std::time_t seconds = realtime_ns / 1'000'000'000;
  const auto microseconds = static_cast<int>(realtime_ns % 1'000'000'000 / 1000);
  std::tm calendar{};
  gmtime_r(&seconds, &calendar);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &calendar);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%s.%06dZ", date.data(), microseconds);
  return text.data();
}

void print_event_as_json(const Target& target, const portend_event& event) {
  print_json({{"time", time_text(event.realtime_ns)},
              {"monotonic_ns", event.monotonic_ns},
              {"host", target.host},
              {"port", target.port},
              {"state", portend_state_text(event.state)},
              {"reason", portend_reason_text(event.reason)},
              {"address", event.address}});
}

void print_event(const Target& target, const portend_event& event) {
  std::string line = time_text(event.realtime_ns) + " " + target.text + " " +
                     portend_state_text(event.state) + " (" + portend_reason_text(event.reason);
  if (event.address[0] != '\0') line += std::string(" by ") + event.address;
  print(line + ")\n");
}

/// A name that is not found makes no event: people are told once.
void warn_of_unresolved(portend_waiter* waiter, const std::vector<Target>& targets, std::set<int>& warned) {
  for (int i = 0; i < static_cast<int>(targets.size()); ++i) {
    const bool unresolved = portend_waiter_reason(waiter, i) == PORTEND_REASON_UNRESOLVED;
    if (unresolved && warned.insert(i).second) {
      print_error(targets[static_cast<std::size_t>(i)].text + " could not be resolved yet.");
    }
  }
}

}  // namespace

int watch(const WatchOptions& options) {
  if (options.targets.empty())
    throw UsageError("The target is missing: write HOST:PORT, as in localhost:8080.");
  std::vector<Target> targets;
  for (const auto& text : options.targets) targets.push_back(parse_target(text));
  const auto waiter = make_waiter(options);
  for (const auto& target : targets) {
    check(portend_waiter_watch(waiter.get(), target.host.c_str(), target.port, nullptr));
  }
  std::set<int> warned;
  auto next_round = std::chrono::steady_clock::now() + round;
  for (;;) {
    portend_event event{};
    const auto status = portend_waiter_next(waiter.get(), round.count(), &event);
    if (status != PORTEND_ERR_TIMEOUT) {
      check(status);
      const auto& target = targets[static_cast<std::size_t>(event.target)];
      options.json ? print_event_as_json(target, event) : print_event(target, event);
    }
    if (const auto now = std::chrono::steady_clock::now(); now >= next_round) {
      next_round = now + round;
      warn_of_unresolved(waiter.get(), targets, warned);
      if (reader_is_gone()) die_of_sigpipe();
    }
  }
}

}  // namespace portend::cli
