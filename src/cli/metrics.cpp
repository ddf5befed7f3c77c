// SPDX-License-Identifier: MIT
#include "metrics.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>

#include "print_error.hpp"
#include "stop_signals.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr mode_t readable_by_all = 0644;  // limited by the umask

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '"') result += '\\';
    result += c;
  }
  return result;
}

std::string seconds(std::int64_t nanoseconds) {
  std::array<char, 48> room{};
  std::snprintf(room.data(), room.size(), "%lld.%09lld", static_cast<long long>(nanoseconds / 1'000'000'000),
                static_cast<long long>(nanoseconds % 1'000'000'000));
  return room.data();
}

/// Formats one metric: its description, and a value for each target.
class Family {
 public:
  Family(std::string name, const char* type, const char* help) : name_(std::move(name)) {
    text_ = "# HELP " + name_ + " " + help + "\n";
    if (*type != '\0') text_ += "# TYPE " + name_ + " " + type + "\n";
  }

  void add(const WatchedTarget& watched, const std::string& value) { add_labeled(watched, "", value); }

  void add(const WatchedTarget& watched, portend_state state, const std::string& value) {
    add_labeled(watched, std::string(",state=\"") + portend_state_text(state) + "\"", value);
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void add_labeled(const WatchedTarget& watched, const std::string& labels, const std::string& value) {
    text_ += name_ + "{target=\"" + escaped(watched.target.text) + "\"" + labels + "} " + value + "\n";
  }

  std::string name_;
  std::string text_;
};

using Value = std::function<std::string(const WatchedTarget&, portend_state)>;

std::string by_state(Family family, const WatchHistory& history, const Value& value) {
  for (const auto& watched : history.targets()) {
    for (std::size_t state = 0; state < watched_states; ++state) {
      const auto text = value(watched, static_cast<portend_state>(state));
      if (!text.empty()) family.add(watched, static_cast<portend_state>(state), text);
    }
  }
  return family.text();
}

std::string states(const WatchHistory& history) {
  return by_state(
      {"portend_state", "gauge", "1 for the state that the target is in, 0 for the others."}, history,
      [](const auto& watched, portend_state state) { return watched.state == state ? "1" : "0"; });
}

std::string times_of_change(const WatchHistory& history) {
  Family family("portend_state_change_timestamp_seconds", "gauge", "When the target entered its state.");
  for (const auto& watched : history.targets()) {
    if (watched.since_realtime_ns != 0) family.add(watched, seconds(watched.since_realtime_ns));
  }
  return family.text();
}

std::string last_periods(const WatchHistory& history) {
  return by_state(
      {"portend_last_period_seconds", "gauge", "How long the target was in a state when it last left it."},
      history, [](const auto& watched, portend_state state) {
        const auto period = watched.last_period_ns[static_cast<std::size_t>(state)];
        return period == 0 ? "" : seconds(period);
      });
}

// The counters have no type, because OpenMetrics wants the name of a counter without "_total" there, and the
// text format wants it with "_total".

std::string totals(const WatchHistory& history, std::int64_t now_monotonic_ns) {
  return by_state({"portend_state_seconds_total", "", "How long the target was in each state."}, history,
                  [&](const auto& watched, portend_state state) {
                    const auto now =
                        watched.state == state ? now_monotonic_ns - watched.since_monotonic_ns : 0;
                    return seconds(watched.total_ns[static_cast<std::size_t>(state)] + now);
                  });
}

std::string changes(const WatchHistory& history) {
  Family family("portend_changes_total", "", "How often the target changed from one state to another.");
  for (const auto& watched : history.targets()) family.add(watched, std::to_string(watched.changes));
  return family.text();
}

std::string probe_counts(const WatchHistory& history, const std::vector<std::int64_t>& probes) {
  Family family("portend_probes_total", "", "How often the target was probed.");
  for (std::size_t i = 0; i < probes.size(); ++i) family.add(history.targets()[i], std::to_string(probes[i]));
  return family.text();
}

/// Writes a complete text. Returns false, with errno, if it cannot.
bool write_all(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

std::string metrics_text(const WatchHistory& history, const std::vector<std::int64_t>& probes,
                         std::int64_t now_monotonic_ns) {
  return states(history) + times_of_change(history) + last_periods(history) +
         totals(history, now_monotonic_ns) + changes(history) + probe_counts(history, probes) + "# EOF\n";
}

MetricsFile::MetricsFile(std::string path)
    : path_(std::move(path)), temporary_(path_ + "." + std::to_string(getpid()) + ".tmp") {}

void MetricsFile::write(const std::string& text) const {
  // A signal that ended the program now would leave the temporary file.
  const DelaySignals delay;
  const int descriptor = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, readable_by_all);
  bool written = descriptor >= 0 && write_all(descriptor, text);
  int error = errno;
  if (descriptor >= 0 && close(descriptor) != 0 && written) {
    written = false;
    error = errno;
  }
  if (written && std::rename(temporary_.c_str(), path_.c_str()) == 0) return;
  if (written) error = errno;
  if (descriptor >= 0) unlink(temporary_.c_str());
  throw LibraryFailure{PORTEND_ERR_SYSTEM, "The metrics could not be written to " + printable(path_) + ": " +
                                               std::strerror(error) + "."};
}

}  // namespace portend::cli
