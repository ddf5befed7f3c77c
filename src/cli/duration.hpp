// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace portend::cli {

/// Parses "3", "0.25", "500ms" or "1m30s" to microseconds; nothing for "inf". Throws UsageError.
std::optional<std::int64_t> parse_duration(const std::string& text);

/// Parses a duration to milliseconds, rounded up; PORTEND_FOREVER for "inf". Throws UsageError.
std::int64_t parse_timeout(const std::string& text);

/// Rounds up.
constexpr std::int64_t milliseconds_of(std::int64_t microseconds) { return (microseconds + 999) / 1000; }

/// Parses a duration from `shortest` to an hour, in microseconds. Throws UsageError, which names the option.
std::int64_t parse_short_duration(const char* option, const std::string& text, const char* shortest);

/// Formats microseconds for people: "0.4 s", "12 s", "3 min", "2 h 5 min".
std::string duration_text(std::int64_t microseconds);

}  // namespace portend::cli
