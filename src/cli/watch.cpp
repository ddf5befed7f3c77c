// SPDX-License-Identifier: MIT
// portend watch TARGET...
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "duration.hpp"
#include "exit_codes.hpp"
#include "handles.hpp"
#include "metrics.hpp"
#include "output.hpp"
#include "print_error.hpp"
#include "reason.hpp"
#include "waiter_options.hpp"
#include "watch_history.hpp"
#include "watch_table.hpp"

namespace portend::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto never = Clock::time_point::max();

/// How often to write the metrics if nothing changes. Their totals grow, and their age shows that the program
/// runs.
constexpr std::chrono::seconds metrics_period{15};

/// How often to check the reader and the window, on a system without a pollable descriptor.
constexpr milliseconds fallback_period{1000};

/// Formats "2026-11-22T18:11:02.123456Z" (RFC 3339).
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
  print(time_text(event.realtime_ns) + " " + target.text + " " + portend_state_text(event.state) + " (" +
        describe(event.reason, event.address) + ")\n");
}

bool has_table(const WatchOptions& options) {
  const char* const kind = std::getenv("TERM");
  const bool can_move_cursor = kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
  return !options.json && can_move_cursor && isatty(STDOUT_FILENO) == 1;
}

std::vector<Target> targets_of(const WatchOptions& options) {
  if (options.targets.empty()) {
    throw UsageError("The target is missing: write HOST:PORT, as in localhost:8080.");
  }
  std::vector<Target> targets;
  for (const auto& text : options.targets) targets.push_back(parse_target(text));
  return targets;
}

class Watch {
 public:
  Watch(portend_waiter* waiter, const WatchOptions& options, const std::vector<Target>& targets)
      : waiter_(waiter), json_(options.json), history_(targets, monotonic_now_ns()) {
    if (options.count) events_left_ = parse_count(*options.count, std::numeric_limits<int>::max());
    if (options.openmetrics) metrics_.emplace(*options.openmetrics);
    for (int i = 0; i < static_cast<int>(targets.size()); ++i) without_event_.insert(i);
    write_metrics();
    if (has_table(options)) table_.emplace();
    if (table_) table_->draw(history_);
  }

  void run(std::int64_t timeout_ms) {
    const auto started = portend_waiter_start(waiter_, PORTEND_ALL, timeout_ms);
    if (started == PORTEND_ERR_UNSUPPORTED) return run_without_descriptor(timeout_ms);
    check(started);
    int descriptor = -1;
    check(portend_waiter_fd(waiter_, &descriptor));
    portend_status status = PORTEND_PENDING;
    while (take_events() && status == PORTEND_PENDING) {
      sleep(descriptor);
      status = portend_waiter_process(waiter_);
    }
    if (status != PORTEND_PENDING && status != PORTEND_ERR_TIMEOUT) check(status);
  }

 private:
  /// The longest time to sleep, in milliseconds; -1 if unlimited.
  [[nodiscard]] int longest_sleep(Clock::time_point deadline) const {
    const auto until = std::min(deadline, metrics_ ? next_metrics_ : never);
    if (until == never) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
  }

  /// Sleeps until the waiter has something to do, the window size changes, the metrics are due, the deadline
  /// has passed, or the reader has closed its end.
  void sleep(int descriptor) {
    std::array<pollfd, 3> watched{
        {{.fd = descriptor, .events = POLLIN, .revents = 0},
         {.fd = STDOUT_FILENO, .events = 0, .revents = 0},
         {.fd = table_ ? WatchTable::descriptor() : -1, .events = POLLIN, .revents = 0}}};
    const int count = poll(watched.data(), watched.size(), longest_sleep(never));
    if (count < 0 && errno != EINTR) throw LibraryFailure{PORTEND_ERR_SYSTEM, "The system refused poll()."};
    if (count > 0 && (watched[1].revents & (POLLERR | POLLHUP)) != 0) die_of_sigpipe();
    if (count > 0 && watched[2].revents != 0) table_->draw(history_);
    refresh_metrics();
  }

  void run_without_descriptor(std::int64_t timeout_ms) {
    const auto deadline = timeout_ms == PORTEND_FOREVER ? never : Clock::now() + milliseconds(timeout_ms);
    portend_status status = PORTEND_OK;
    do {
      portend_event event{};
      const auto longest = longest_sleep(deadline);
      const auto period = longest < 0 ? fallback_period : std::min(fallback_period, milliseconds(longest));
      status = portend_waiter_next(waiter_, period.count(), &event);
      if (status == PORTEND_OK && !take(event)) return show_changes();
      if (status == PORTEND_OK) show_changes();
      if (status != PORTEND_OK && status != PORTEND_ERR_TIMEOUT) check(status);
      if (reader_is_gone()) die_of_sigpipe();
      if (table_) table_->draw(history_);
      tell_of_unresolved();
      refresh_metrics();
    } while (status == PORTEND_OK || Clock::now() < deadline);
  }

  /// Returns false after the requested number of events.
  bool take_events() {
    bool changed = false;
    for (;;) {
      portend_event event{};
      const auto status = portend_waiter_next(waiter_, 0, &event);
      if (status == PORTEND_ERR_TIMEOUT) break;
      check(status);
      changed = true;
      if (!take(event)) {
        show_changes();
        return false;
      }
    }
    if (changed) show_changes();
    tell_of_unresolved();
    return true;
  }

  bool take(const portend_event& event) {
    const auto index = static_cast<std::size_t>(event.target);
    without_event_.erase(event.target);
    history_.record(event);
    const auto& target = history_.targets()[index].target;
    if (!table_) json_ ? print_event_as_json(target, event) : print_event(target, event);
    return !events_left_ || --*events_left_ > 0;
  }

  void show_changes() {
    if (table_) table_->draw(history_);
    write_metrics();
  }

  /// Prints once that a name cannot be resolved, since this makes no event.
  void tell_of_unresolved() {
    const auto count = std::erase_if(without_event_, [&](int index) {
      if (portend_waiter_reason(waiter_, index) != PORTEND_REASON_UNRESOLVED) return false;
      const auto& target = history_.targets()[static_cast<std::size_t>(index)].target;
      if (!table_) print_error(target.text + " could not be resolved yet.");
      history_.record_reason(index, PORTEND_REASON_UNRESOLVED);
      return true;
    });
    if (count > 0 && table_) table_->draw(history_);
  }

  void refresh_metrics() {
    if (metrics_ && Clock::now() >= next_metrics_) write_metrics();
  }

  void write_metrics() {
    if (!metrics_) return;
    std::vector<std::int64_t> probes(history_.targets().size());
    for (std::size_t i = 0; i < probes.size(); ++i) {
      probes[i] = portend_waiter_probes(waiter_, static_cast<int>(i));
    }
    metrics_->write(metrics_text(history_, probes, monotonic_now_ns()));
    next_metrics_ = Clock::now() + metrics_period;
  }

  portend_waiter* waiter_;
  bool json_;
  WatchHistory history_;
  std::optional<std::size_t> events_left_;
  std::set<int> without_event_;  // targets with an unknown state
  std::optional<MetricsFile> metrics_;
  Clock::time_point next_metrics_;
  std::optional<WatchTable> table_;
};

}  // namespace

int watch(const WatchOptions& options) {
  const auto targets = targets_of(options);
  const auto timeout = parse_timeout(options.timeout);
  const auto waiter = make_waiter(options);
  for (const auto& target : targets) {
    check(portend_waiter_watch(waiter.get(), target.host.c_str(), target.port, nullptr));
  }
  Watch(waiter.get(), options, targets).run(timeout);
  return exit_success;
}

}  // namespace portend::cli
