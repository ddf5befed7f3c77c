// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "text.hpp"

namespace portend::cli {

namespace {

struct Unit {
  std::string_view name;
  double microseconds;
};

constexpr std::array units{Unit{"", 1e6},  Unit{"us", 1},   Unit{"ms", 1e3},
                           Unit{"s", 1e6}, Unit{"m", 60e6}, Unit{"h", 3600e6}};

/// Beyond this no wait was ever meant, and the arithmetic stays exact.
constexpr double longest = 1e15;

[[noreturn]] void reject(const std::string& text, const std::string& why) {
  throw UsageError("'" + printable(text) + "' is " + why);
}

[[noreturn]] void reject_duration(const std::string& text) {
  reject(text, "no duration: write 3, 0.25, 500ms, 2m or inf.");
}

int whole_number(const std::string& text, const std::string& what, int first, int last) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < first || value > last) {
    reject(text, "no " + what + ": write a number from " + std::to_string(first) + " to " +
                     std::to_string(last) + ".");
  }
  return value;
}

/// What is shown of a URL, which may hold a password.
std::string without_secrets(const Target& target) {
  std::array<char, PORTEND_HOST_SIZE + 8> text{};
  const auto status = portend_format_target(target.host.c_str(), target.port, text.data(), text.size());
  return status == PORTEND_OK ? text.data() : target.host;
}

}  // namespace

Target parse_target(const std::string& text) {
  std::array<char, PORTEND_HOST_SIZE> host{};
  Target target{.host = {}, .text = printable(text)};
  if (portend_parse_target(text.c_str(), host.data(), host.size(), &target.port) != PORTEND_OK) {
    throw UsageError(portend_last_error());
  }
  target.host = host.data();
  if (text.find("://") != text.npos) target.text = without_secrets(target);
  return target;
}

std::optional<std::int64_t> parse_duration(const std::string& text) {
  if (text == "inf") return {};
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || std::signbit(value)) reject_duration(text);
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const auto& unit : units) {
    if (unit.name == name) return static_cast<std::int64_t>(std::min(value * unit.microseconds, longest));
  }
  reject_duration(text);
}

std::int64_t parse_timeout(const std::string& text) {
  const auto microseconds = parse_duration(text);
  return microseconds ? (*microseconds + 999) / 1000 : PORTEND_FOREVER;
}

int parse_pid(const std::string& text) {
  return whole_number(text, "process id", 1, std::numeric_limits<int>::max());
}

std::size_t parse_count(const std::string& text) {
  return static_cast<std::size_t>(whole_number(text, "count", 1, 65535));
}

int parse_port(const std::string& text) { return whole_number(text, "port", 1, 65535); }

std::pair<int, int> parse_range(const std::string& text) {
  const auto dash = text.find('-');
  if (dash == text.npos) return {parse_port(text), parse_port(text)};
  const auto first = text.substr(0, dash);
  const auto last = text.substr(dash + 1);
  if (first.empty() || last.empty())
    reject(text, "no range: write its first and its last port, as in 8000-8100.");
  const std::pair range{parse_port(first), parse_port(last)};
  if (range.first > range.second) reject(text, "no range: the first port is above the last.");
  return range;
}

}  // namespace portend::cli
