// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <array>
#include <charconv>
#include <limits>

#include "text.hpp"

namespace portend::cli {

namespace {

[[noreturn]] void reject(const std::string& text, const std::string& why) {
  throw UsageError("'" + printable(text) + "' is not a " + why);
}

int whole_number(const std::string& text, const std::string& what, int first, int last) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < first || value > last) {
    reject(text,
           what + ": write a number from " + std::to_string(first) + " to " + std::to_string(last) + ".");
  }
  return value;
}

/// Returns the text of a target to print. A URL may contain a password.
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

int parse_pid(const std::string& text) {
  return whole_number(text, "process id", 1, std::numeric_limits<int>::max());
}

std::size_t parse_count(const std::string& text, int most) {
  return static_cast<std::size_t>(whole_number(text, "count", 1, most));
}

int parse_port(const std::string& text) { return whole_number(text, "port", 1, 65535); }

std::pair<int, int> parse_range(const std::string& text) {
  const auto dash = text.find('-');
  if (dash == text.npos) return {parse_port(text), parse_port(text)};
  const auto first = text.substr(0, dash);
  const auto last = text.substr(dash + 1);
  if (first.empty() || last.empty())
    reject(text, "range: write its first and its last port, as in 8000-8100.");
  const std::pair range{parse_port(first), parse_port(last)};
  if (range.first > range.second) reject(text, "range: the first port is above the last.");
  return range;
}

}  // namespace portend::cli
