// SPDX-License-Identifier: MIT
#include "duration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>

#include <portend/portend.h>

#include "arguments.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

struct Unit {
  std::string_view name;
  double microseconds;
};

/// From the longest to the shortest: "1h30m" must have this order.
constexpr std::array units{Unit{"d", 86400e6}, Unit{"h", 3600e6}, Unit{"m", 60e6},
                           Unit{"s", 1e6},     Unit{"ms", 1e3},   Unit{"us", 1}};

/// Longer waits (31 years) make no sense, and up to this limit the arithmetic is exact.
constexpr double longest = 1e15;

constexpr std::int64_t hour_us = 3'600'000'000;

[[noreturn]] void reject(const std::string& text) {
  throw UsageError("'" + printable(text) + "' is not a duration: write 3, 0.25, 500ms, 2m, 1h30m or inf.");
}

/// Removes a number from the front of `rest`, and returns it.
double take_number(std::string_view& rest, const std::string& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || std::signbit(value)) reject(text);
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return value;
}

/// Removes the name of a unit from the front of `rest`, and returns it.
std::string_view take_unit(std::string_view& rest) {
  const auto end = std::min(rest.find_first_of("0123456789."), rest.size());
  const auto name = rest.substr(0, end);
  rest.remove_prefix(end);
  return name;
}

}  // namespace

std::optional<std::int64_t> parse_duration(const std::string& text) {
  if (text == "inf") return {};
  std::string_view rest = text;
  double value = take_number(rest, text);
  if (rest.empty()) return static_cast<std::int64_t>(std::min(value * 1e6, longest));

  double sum = 0;
  const auto* unit = units.begin();
  for (;;) {
    const auto name = take_unit(rest);
    unit = std::find_if(unit, units.end(), [&](const Unit& each) { return each.name == name; });
    if (unit == units.end()) reject(text);
    sum += value * unit->microseconds;
    if (rest.empty()) return static_cast<std::int64_t>(std::min(sum, longest));
    ++unit;
    value = take_number(rest, text);
  }
}

std::int64_t parse_timeout(const std::string& text) {
  const auto microseconds = parse_duration(text);
  return microseconds ? milliseconds_of(*microseconds) : PORTEND_FOREVER;
}

std::int64_t parse_short_duration(const char* option, const std::string& text, const char* shortest) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < *parse_duration(shortest) || *duration > hour_us) {
    throw UsageError(std::string(option) + " takes a time from " + shortest + " to 1h.");
  }
  return *duration;
}

std::string duration_text(std::int64_t microseconds) {
  const auto seconds = microseconds / 1'000'000;
  if (seconds < 10) {
    std::array<char, 32> room{};
    std::snprintf(room.data(), room.size(), "%lld.%lld s", static_cast<long long>(seconds),
                  static_cast<long long>(microseconds / 100'000 % 10));
    return room.data();
  }
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  const auto minutes = seconds / 60 % 60;
  return std::to_string(seconds / 3600) + " h" + (minutes == 0 ? "" : " " + std::to_string(minutes) + " min");
}

}  // namespace portend::cli
