// SPDX-License-Identifier: MIT
#include "port_arguments.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <cctype>

#include "arguments.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

/// Whether the text is a number or a range. Names of services may also contain digits and dashes, but contain
/// a letter.
bool is_numeric(const std::string& text) { return text.find_first_not_of("0123456789-") == text.npos; }

int port_of_service(const std::string& name) {
  const servent* service = getservbyname(name.c_str(), "tcp");
  if (service == nullptr) service = getservbyname(name.c_str(), "udp");
  if (service != nullptr) return ntohs(static_cast<std::uint16_t>(service->s_port));
  throw UsageError("'" + printable(name) +
                   "' is not a port: write a number from 1 to 65535, or a service such as http.");
}

}  // namespace

PortRange parse_ports(const std::string& text) {
  if (is_numeric(text)) {
    const auto [first, last] = parse_range(text);
    return {first, last};
  }
  const int port = port_of_service(text);
  return {port, port};
}

int parse_port_or_service(const std::string& text) {
  return is_numeric(text) ? parse_port(text) : port_of_service(text);
}

}  // namespace portend::cli
