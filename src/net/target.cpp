// SPDX-License-Identifier: MIT
#include "net/target.hpp"

#include <charconv>
#include <stdexcept>

#include "net/host.hpp"
#include "net/utf8.hpp"

namespace portend::net {

namespace {

[[noreturn]] void reject(std::string_view text, const std::string& why) {
  throw std::invalid_argument("'" + printable(text) + "' is no target: " + why);
}

std::uint16_t parse_port(std::string_view text, std::string_view digits) {
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool number = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  if (!number) reject(text, "the port must be a number from 1 to 65535.");
  if (error != std::errc() || port < 1 || port > 65535) reject(text, "the port is outside 1 to 65535.");
  static_cast<void>(end);
  return static_cast<std::uint16_t>(port);
}

std::string parse_host(std::string_view text, std::string_view host) {
  if (const auto error_text = validate_host(host)) reject(text, "its host " + *error_text + ".");
  return std::string(host);
}

Target parse_bracketed(std::string_view text) {
  const auto close = text.find(']');
  if (close == text.npos) reject(text, "a '[' without its ']'.");
  std::string host = parse_host(text, text.substr(1, close - 1));
  if (host.find(':') == host.npos || !os::ip_from_text(host)) {
    reject(text, "in brackets stands an IPv6 address, as in [::1]:80.");
  }
  if (close + 1 >= text.size() || text[close + 1] != ':') {
    reject(text, "after the brackets comes ':' and a port, as in [::1]:80.");
  }
  return {std::move(host), parse_port(text, text.substr(close + 2))};
}

}  // namespace

Target parse_target(std::string_view text) {
  if (text.starts_with('[')) return parse_bracketed(text);
  const auto colon = text.rfind(':');
  if (colon == text.npos) reject(text, "it needs a port, as in localhost:8080.");
  if (text.find(':') != colon) {
    reject(text, "an IPv6 address stands in brackets, as in [::1]:80.");
  }
  return {parse_host(text, text.substr(0, colon)), parse_port(text, text.substr(colon + 1))};
}

std::string format_target(const std::string& host, int port) {
  // What could not be parsed again: an address has no brackets of its own, and nothing else has a ':'.
  if (host.starts_with('[') || (host.find(':') != host.npos && !os::ip_from_text(host))) {
    throw std::invalid_argument("The host '" + printable(host) + "' is no IPv6 address, and no name either.");
  }
  std::string dialled = client_host(host.c_str());
  if (dialled.find(':') != dialled.npos) dialled = "[" + dialled + "]";
  return dialled + ":" + std::to_string(port);
}

}  // namespace portend::net
