// SPDX-License-Identifier: MIT
#include "net/host.hpp"

#include <algorithm>

#include "net/ascii.hpp"
#include "net/utf8.hpp"

namespace portend::net {

namespace {

constexpr std::size_t longest_host = 255;

bool is_localhost(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view name = "localhost";
  if (host.size() < name.size()) return false;
  const auto tail = host.substr(host.size() - name.size());
  const bool whole_label = host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
  return whole_label && lower_case(tail) == name;
}

/// Most hosts consist of such characters only, and need no further checks.
bool is_plain(char c) { return is_alphanumeric(c) || c == '.' || c == '-'; }

/// Compares the prefix fe80::/10 as text, which is cheap: this is called for every host.
bool lacks_zone(std::string_view host) {
  if (host.find(':') == host.npos || host.find('%') != host.npos || lower_case(host.substr(0, 2)) != "fe")
    return false;
  const auto ip = os::ip_from_text(std::string(host));
  return ip && os::is_link_local(*ip);
}

}  // namespace

const char* client_host(const char* host) noexcept {
  if (host == nullptr) return host;
  const std::string_view text(host);
  if (text == "0.0.0.0") return "127.0.0.1";
  if (text == "*") return "localhost";
  if (text == "::" || text == "::0" || text == "::0.0.0.0") return "::1";
  return host;
}

std::optional<std::string> validate_host(std::string_view host) {
  if (host.empty()) return "is empty";
  if (host.size() > longest_host) return "is longer than 255 bytes";
  if (std::ranges::all_of(host, is_plain)) return {};
  if (!is_utf8(host)) return "is not UTF-8";
  if (host.find(' ') != host.npos || has_control_characters(host)) {
    return "contains a space or a control character";
  }
  if (host.find_first_of(not_in_a_host) != host.npos) return "is neither a name nor a numeric address";
  if (lacks_zone(host)) return "is a link-local address without its zone; write it as in fe80::1%eth0";
  return {};
}

std::optional<std::vector<os::Ip>> bind_addresses(const std::string& host) {
  if (host == "*") return {{os::any6}};
  if (const auto ip = os::ip_from_text(host)) return {{*ip}};
  return known_addresses(host);
}

std::optional<std::vector<os::Ip>> known_addresses(const std::string& host) {
  const std::string connected_to = client_host(host.c_str());
  if (const auto ip = os::ip_from_text(connected_to)) return {{*ip}};
  if (is_localhost(connected_to)) return {{os::loopback4, os::loopback6}};
  return {};
}

}  // namespace portend::net
