// SPDX-License-Identifier: MIT
#include "net/target.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "net/ascii.hpp"
#include "net/host.hpp"
#include "net/quote.hpp"
#include "net/service.hpp"
#include "net/target_kind.hpp"
#include "net/url.hpp"

namespace portend::net {

namespace {

constexpr const char* no_number = "the port must be a number from 1 to 65535.";
constexpr const char* neither_number_nor_service =
    "the port must be a number from 1 to 65535, or the name of a TCP service in services(5).";
constexpr const char* encode =
    "in a user name or a password, write '@' as %40, ':' as %3A, '/' as %2F, '?' as %3F, '#' as %23.";

[[noreturn]] void reject(std::string_view text, const std::string& why) {
  const auto shown = quoted(text);
  throw std::invalid_argument((shown.starts_with('(') ? "The text " + shown : shown) +
                              " is not a target: " + why);
}

[[noreturn]] void reject_kind(std::string_view text, std::string_view kind) {
  reject(text, "it names " + std::string(kind) + ", and portend waits for TCP ports.");
}

std::uint16_t port_number(std::string_view text, std::string_view digits) {
  int port = 0;
  const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), port).ec;
  if (error != std::errc() || port < 1 || port > 65535) reject(text, "the port is outside 1 to 65535.");
  return static_cast<std::uint16_t>(port);
}

std::uint16_t parse_port(std::string_view text, std::string_view port) {
  if (all_digits(port)) return port_number(text, port);
  if (const auto known = service_port(port)) return *known;
  reject(text, neither_number_nor_service);
}

std::string valid_host(std::string_view text, std::string_view host) {
  if (const auto error_text = validate_host(host)) reject(text, "its host " + *error_text + ".");
  return std::string(host);
}

/// Parses an IPv6 address. The '%' before its zone may be written as "%25" (RFC 6874).
std::string parse_address(std::string_view text, std::string_view address, bool in_url) {
  std::string plain = valid_host(text, address);
  std::string decoded = plain;
  if (const auto percent = plain.find("%25"); percent != plain.npos) decoded.erase(percent + 1, 2);
  if (in_url) std::swap(plain, decoded);
  for (auto* const form : {&plain, &decoded}) {
    if (form->find(':') != form->npos && os::ip_from_text(*form)) return *form;
  }
  if (address.find('%') != address.npos) {
    reject(text, "its zone is not an interface of this machine, or its address is not a link-local one.");
  }
  reject(text, "only an IPv6 address can stand in brackets, as in [::1]:80.");
}

struct HostAndPort {
  std::string host;
  std::string_view port;
  bool has_port = true;
};

HostAndPort split_bracketed(std::string_view text, std::string_view rest, bool in_url) {
  const auto close = rest.find(']');
  if (close == rest.npos) reject(text, "it has a '[' without a ']'.");
  HostAndPort parts{.host = parse_address(text, rest.substr(1, close - 1), in_url),
                    .port = rest.substr(close + 1)};
  parts.has_port = parts.port.starts_with(':');
  if (parts.has_port) parts.port.remove_prefix(1);
  if (!parts.has_port && !(in_url && parts.port.empty())) {
    reject(text, "write ':' and a port after the brackets, as in [::1]:80.");
  }
  return parts;
}

bool may_be_in_a_name(char c) {
  return !is_ascii(c) || is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string host_of_url(std::string_view text, std::string_view encoded) {
  const auto host = percent_decoded(encoded);
  if (!host) reject(text, "a '%' in its host is not followed by two hexadecimal digits.");
  if (host->starts_with('/')) reject_kind(text, "a UNIX socket");
  if (host->empty())
    reject(text, "it has no host, and portend waits for TCP ports; write one, as in tcp://db:5432.");
  if (*host != "*" && !std::ranges::all_of(*host, may_be_in_a_name)) {
    reject(text, std::string("its host has a character that a host name cannot have; ") + encode);
  }
  return valid_host(text, *host);
}

HostAndPort split_authority(std::string_view text, std::string_view authority) {
  if (authority.starts_with('[')) return split_bracketed(text, authority, true);
  if (authority.find(',') != authority.npos) reject(text, "it has several hosts; write a target for each.");
  const auto colon = std::min(authority.find(':'), authority.size());
  if (authority.find(':', colon + 1) < authority.size()) {
    reject(text, "an IPv6 address needs brackets, as in tcp://[::1]:80.");
  }
  return {.host = host_of_url(text, authority.substr(0, colon)),
          .port = authority.substr(std::min(colon + 1, authority.size())),
          .has_port = colon < authority.size()};
}

Target parse_url(std::string_view text, const Url& url) {
  if (const auto kind = other_kind_of_scheme(url.scheme)) reject_kind(text, *kind);
  if (url.has_stray_at) reject(text, std::string("it has a '@' after its host;  ") + encode);
  const auto parts = split_authority(text, url.authority);
  if (all_digits(parts.port)) return {parts.host, port_number(text, parts.port)};
  if (!parts.port.empty()) reject(text, no_number);
  if (const auto port = scheme_port(url.scheme)) return {parts.host, *port};
  reject(text, "services(5) has no TCP port for its scheme; write the port, as in tcp://db:5432.");
}

/// Whether a text is an IPv6 address without brackets, such as "::1:80", whose port is ambiguous.
bool is_bare_address(std::string_view text) {
  return os::ip_from_text(std::string(text)) ||
         os::ip_from_text(std::string(text.substr(0, text.rfind(':'))));
}

void reject_other_texts(std::string_view text) {
  if (is_path(text))
    throw std::invalid_argument(
        "A path is not a target: it names a UNIX socket, and portend waits for TCP ports.");
  if (const auto kind = other_kind_of_text(text)) reject_kind(text, *kind);
  if (text.find_first_of(not_in_a_host) != text.npos) {
    reject(text, "write HOST:PORT, or a URL such as http://web or postgresql://user:password@db/app.");
  }
}

}  // namespace

Target parse_target(std::string_view text) {
  if (const auto url = split_url(text)) return parse_url(text, *url);
  reject_other_texts(text);
  if (text.starts_with('[')) {
    const auto parts = split_bracketed(text, text, false);
    return {parts.host, parse_port(text, parts.port)};
  }
  const auto colon = text.rfind(':');
  if (colon == text.npos && all_digits(text)) reject(text, "it needs a host, as in localhost:8080.");
  if (colon == text.npos) reject(text, "it needs a port, as in localhost:8080.");
  if (text.find(':') != colon) {
    reject(text, is_bare_address(text) ? "an IPv6 address needs brackets, as in [::1]:80."
                                       : "it has more than one ':'; write HOST:PORT, or [ADDRESS]:PORT for "
                                         "an IPv6 address.");
  }
  return {valid_host(text, text.substr(0, colon)), parse_port(text, text.substr(colon + 1))};
}

std::string format_target(const std::string& host, int port) {
  // Rejects a host that would not survive parsing: only an IPv6 address may contain ':', and it must have no
  // brackets.
  const bool is_address = host.find(':') != host.npos && os::ip_from_text(host);
  if (host.starts_with('[') || (host.find(':') != host.npos && !is_address)) {
    throw std::invalid_argument("The host " + quoted(host) + " is neither a name nor a numeric address.");
  }
  const std::string client = client_host(host.c_str());
  const std::string text = (is_address ? "[" + client + "]" : client) + ":" + std::to_string(port);
  return other_kind_of_text(text) ? "tcp://" + text : text;
}

}  // namespace portend::net
