// SPDX-License-Identifier: MIT
#include "watch_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <string>

#include "output.hpp"
#include "reason.hpp"
#include "signal_pipe.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr const char* hide_cursor = "\033[?25l";
constexpr const char* show_cursor = "\033[?25h";
constexpr const char* clear_screen = "\033[H\033[2J";
constexpr const char* clear_to_end_of_line = "\033[K";
constexpr const char* clear_below = "\033[J";

/// Signal handlers write to it. It stays open until the process ends.
SignalPipe redraw_pipe;

void write_literal(int descriptor, const char* text) {
  static_cast<void>(write(descriptor, text, std::strlen(text)) < 0);
}

extern "C" void on_resize(int) {
  const int error = errno;
  write_literal(redraw_pipe.writing, "r");
  errno = error;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  struct sigaction before {};
  sigaction(signal, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
}

/// Stops the process as the default action does, and shows the cursor meanwhile.
extern "C" void on_stop(int signal) {
  const int error = errno;
  write_literal(STDOUT_FILENO, show_cursor);
  handle(signal, SIG_DFL);
  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  sigaddset(&set, signal);
  sigprocmask(SIG_UNBLOCK, &set, &before);
  raise(signal);  // returns when the process continues
  sigprocmask(SIG_SETMASK, &before, nullptr);
  handle(signal, on_stop);
  write_literal(STDOUT_FILENO, hide_cursor);
  write_literal(redraw_pipe.writing, "r");
  errno = error;
}

/// Whether a redraw was requested. Empties the pipe.
bool take_redraw() {
  bool asked = false;
  std::array<char, 64> bytes{};
  while (read(redraw_pipe.reading, bytes.data(), bytes.size()) > 0) asked = true;
  return asked;
}

/// Returns "18:11:02", with the date if it is another day.
std::string time_of_day(std::int64_t realtime_ns) {
  if (realtime_ns == 0) return "-";
  const std::time_t now = std::time(nullptr);
  const std::time_t time = realtime_ns / 1'000'000'000;
  std::tm today{};
  std::tm then{};
  localtime_r(&now, &today);
  localtime_r(&time, &then);
  const bool is_today = today.tm_year == then.tm_year && today.tm_yday == then.tm_yday;
  std::array<char, 32> room{};
  std::strftime(room.data(), room.size(), is_today ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &then);
  return room.data();
}

Rows rows_of(const WatchHistory& history) {
  Rows rows{{"TARGET", "STATE", "SINCE", "CHANGES", "REASON"}};
  for (const auto& watched : history.targets()) {
    rows.push_back({watched.target.text, portend_state_text(watched.state),
                    time_of_day(watched.since_realtime_ns), std::to_string(watched.changes),
                    describe(watched.reason, watched.address)});
  }
  return rows;
}

}  // namespace

WatchTable::WatchTable() : restore_(STDOUT_FILENO, show_cursor) {
  redraw_pipe = open_signal_pipe();
  handle(SIGWINCH, on_resize);
  handle(SIGTSTP, on_stop);
  print(hide_cursor);
}

WatchTable::~WatchTable() {
  handle(SIGWINCH, SIG_DFL);
  handle(SIGTSTP, SIG_DFL);
}

int WatchTable::descriptor() { return redraw_pipe.reading; }

void WatchTable::draw(const WatchHistory& history) {
  std::string text;
  if (take_redraw()) {
    // After a resize, only the terminal knows the position of the lines.
    text = clear_screen;
  } else if (drawn_ > 0) {
    text = "\033[" + std::to_string(drawn_) + "A";
  }
  const auto size = terminal_size(STDOUT_FILENO);
  auto lines = aligned(rows_of(history));
  const auto room = std::max<std::size_t>(size.rows, 2) - 1;  // the last line is for the cursor
  if (lines.size() > room) {
    const auto hidden = lines.size() - room + 1;
    lines.resize(room);
    lines.back() = "and " + std::to_string(hidden) + " more";
  }
  for (const auto& line : lines)
    text += "\r" + shortened(line, size.columns - 1) + clear_to_end_of_line + "\n";
  print(text + clear_below);
  drawn_ = lines.size();
}

}  // namespace portend::cli
