// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

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

[[noreturn]] void reject_duration(const std::string& text) {
  throw UsageError("'" + text + "' is no duration: write 3, 0.25, 500ms, 2m or inf.");
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

Target parse_target(const std::string& text) {
  std::array<char, PORTEND_HOST_SIZE> host{};
  Target target{.host = {}, .text = text};
  if (portend_parse_target(text.c_str(), host.data(), host.size(), &target.port) != PORTEND_OK) {
    throw UsageError(portend_last_error());
  }
  target.host = host.data();
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

int parse_port(const std::string& text) {
  const auto port = whole_number(text);
  if (!port || *port < 1 || *port > 65535) {
    throw UsageError("'" + text + "' is no port: write a number from 1 to 65535.");
  }
  return *port;
}

std::pair<int, int> parse_range(const std::string& text) {
  const auto dash = text.find('-');
  if (dash == text.npos) return {parse_port(text), parse_port(text)};
  const std::pair range{parse_port(text.substr(0, dash)), parse_port(text.substr(dash + 1))};
  if (range.first > range.second)
    throw UsageError("'" + text + "' is no range: the first port is above the last.");
  return range;
}

}  // namespace portend::cli
