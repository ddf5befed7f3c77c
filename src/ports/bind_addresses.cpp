// SPDX-License-Identifier: MIT
#include "ports/bind_addresses.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "net/host.hpp"
#include "net/lookup.hpp"
#include "ports/search_failure.hpp"

namespace portend::ports {

namespace {

std::vector<os::Ip> addresses_of(const std::string& host, os::Instant until) {
  if (const auto known = net::bind_addresses(host)) return *known;
  const auto found = net::resolve_within(host, until - os::Clock::now());
  if (found.verdict != os::Resolution::Verdict::found) throw NoAddress(host, found.error_text);
  return found.addresses;
}

os::Descriptor unbound_socket(const BindAddress& address) {
  return os::bindable_socket(address.ip.family, address.transport, {.dual_stack = address.dual_stack});
}

/// A dual-stack bind to :: is the only single bind that conflicts with every address of both families.
BindAddresses machine_addresses(std::optional<os::Family> family) {
  const std::array candidates{BindAddress{.ip = os::any6, .dual_stack = !family},
                              BindAddress{.ip = os::any4}};
  int error = 0;
  for (const auto& address : candidates) {
    if (family.value_or(address.ip.family) != address.ip.family) continue;
    if (auto socket = unbound_socket(address)) return {{address}, std::move(socket)};
    error = errno;
  }
  if (os::is_policy_refusal(error)) throw std::system_error(error, std::generic_category(), "no socket");
  throw NoPort(NoPort::Cause::family_lacking);
}

/// Whether this machine has the address.
bool is_on_this_machine(const BindAddress& address, int& error) {
  const auto socket = unbound_socket(address);
  error = socket ? 0 : errno;
  return socket && os::bind(socket, {address.ip, 0}) != os::Binding::no_address;
}

NoPort no_port_on_other_machine(const std::string& host) {
  NoPort failure(NoPort::Cause::host_is_remote);
  failure.host = host;
  return failure;
}

BindAddresses host_addresses(const SearchOptions& options, os::Instant until) {
  std::vector<BindAddress> addresses;
  for (const auto& ip : addresses_of(options.host, until)) {
    if (!options.family || ip.family == *options.family) addresses.push_back({.ip = ip});
  }
  if (addresses.empty()) throw NoAddress(options.host, "");
  int refusal = 0;
  std::erase_if(addresses, [&](const BindAddress& address) {
    int error = 0;
    const bool here = is_on_this_machine(address, error);
    if (os::is_policy_refusal(error)) refusal = error;
    return !here;
  });
  if (!addresses.empty()) return {std::move(addresses), {}};
  if (refusal != 0) throw std::system_error(refusal, std::generic_category(), "no socket");
  throw no_port_on_other_machine(options.host);
}

}  // namespace

BindAddresses bind_addresses(const SearchOptions& options, os::Instant until) {
  auto addresses = options.host.empty() ? machine_addresses(options.family) : host_addresses(options, until);
  auto& list = addresses.list;
  const auto tcp_count = list.size();
  for (std::size_t i = 0; options.udp && i < tcp_count; ++i) {
    list.push_back(list[i]);
    list.back().transport = os::Transport::udp;
  }
  return addresses;
}

}  // namespace portend::ports
