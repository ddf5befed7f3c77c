// SPDX-License-Identifier: MIT
#include "table.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "output.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

/// The number of characters of a UTF-8 text.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

std::optional<std::size_t> terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return size.ws_col;
}

std::vector<std::size_t> widths_of(const Rows& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], length_of(row[i]));
  }
  widths.back() = 0;
  return widths;
}

}  // namespace

std::vector<std::string> aligned(const Rows& rows) {
  const auto widths = widths_of(rows);
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    auto& line = lines.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      line += row[i];
      line.append(widths[i] - std::min(widths[i], length_of(row[i])), ' ');
    }
  }
  return lines;
}

void print_table(const Rows& rows) {
  const auto width = terminal_width();
  std::string table;
  for (const auto& line : aligned(rows)) table += (width ? shortened(line, *width) : line) + "\n";
  print(table);
}

}  // namespace portend::cli
