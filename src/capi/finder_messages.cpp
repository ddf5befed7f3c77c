// SPDX-License-Identifier: MIT
#include "capi/finder_messages.hpp"

#include <array>
#include <string_view>

#include "net/utf8.hpp"
#include "os/time_wait.hpp"
#include "ports/port_usage.hpp"

namespace portend::capi {

namespace {

using ports::NoPort;
using ports::Obstacle;
using ports::Range;

struct Phrase {
  Obstacle obstacle;
  std::string_view text;  // follows a number
};

/// In the order of the message, which differs from that of the enumeration.
constexpr std::array phrases{
    Phrase{Obstacle::in_use, " in use"},
    Phrase{Obstacle::forwarded, " forwarded by the kernel: a connection is accepted without a listener"},
    Phrase{Obstacle::given, " found already"},
    Phrase{Obstacle::excluded, " excluded"},
    Phrase{Obstacle::unsafe_for_browsers, " refused by browsers"},
    Phrase{Obstacle::reserved_by_administrator, " reserved in ip_local_reserved_ports"},
    Phrase{Obstacle::ephemeral, " ephemeral"},
    Phrase{Obstacle::privileged, " not permitted: ports below 1024 need a privilege"},
    Phrase{Obstacle::refused_by_policy, " not permitted: a security policy of this system refuses them"},
};

std::string machine_or(const std::string& host) {
  return host.empty() ? "this machine" : net::printable(host);
}

std::string text_of(Range range) {
  if (range.first == range.last) return std::to_string(range.first);
  return std::to_string(range.first) + "-" + std::to_string(range.last);
}

std::string text_of(const std::vector<Range>& ranges) {
  std::string text;
  for (const auto& range : ranges) {
    if (!text.empty()) text += ", ";
    text += text_of(range);
  }
  return text;
}

/// Returns "port 8080", "port from 8000 to 8099" or "preferred port (8080, 8090-8099)".
std::string wanted(const NoPort& failure) {
  if (failure.only_preferred) return "preferred port (" + text_of(failure.preferred) + ")";
  const auto& range = *failure.range;
  std::string text = range.first == range.last
                         ? "port " + std::to_string(range.first)
                         : "port from " + std::to_string(range.first) + " to " + std::to_string(range.last);
  if (!failure.preferred.empty()) text += ", nor a preferred one (" + text_of(failure.preferred) + "),";
  return text;
}

std::string counts(const NoPort& failure) {
  std::string text;
  for (const auto& [obstacle, phrase] : phrases) {
    const auto count = failure.tally[static_cast<std::size_t>(obstacle)];
    if (count == 0 && obstacle != Obstacle::in_use) continue;
    if (!text.empty()) text += ", ";
    text += std::to_string(count) + std::string(phrase);
  }
  const auto free = failure.tally[static_cast<std::size_t>(Obstacle::none)];
  if (free > 0) text += ", " + std::to_string(free) + " free";
  return text;
}

/// The processes that have the ports in use, or some of them.
std::string owners(const NoPort& failure) {
  const auto usages = ports::explain_usage(failure.in_use, failure.udp);
  const auto in_use = failure.tally[static_cast<std::size_t>(Obstacle::in_use)];
  std::size_t looked_at = 0;
  for (const auto count : failure.tally) looked_at += count;
  if (in_use == 1 && looked_at == 1) return ": " + usages.front();
  std::string text;
  for (std::size_t i = 0; i < usages.size(); ++i) {
    text += "; port " + std::to_string(failure.in_use[i]) + ": " + usages[i];
  }
  return text;
}

std::string explain_none_left(const NoPort& failure) {
  std::string text = failure.found == 0 ? "No " : "After " + std::to_string(failure.found) + ", no further ";
  text += wanted(failure) + " can be bound on " + machine_or(failure.host);
  if (failure.in_a_row > 0) text += " as one of " + std::to_string(failure.in_a_row) + " in a row";
  return text + ". (" + counts(failure) + owners(failure) + ")";
}

}  // namespace

std::string explain(const NoPort& failure) {
  switch (failure.cause) {
    case NoPort::Cause::none_left:
      return explain_none_left(failure);
    case NoPort::Cause::none_preferred:
      return "No port can be found: only preferred ports are allowed, and none is set; add one.";
    case NoPort::Cause::all_ephemeral:
      return "No port can be found outside of the ephemeral ports: the system hands out all from 1024 "
             "on; set a range.";
    case NoPort::Cause::family_lacking:
      return "No port can be bound on this machine: it lacks the address family; allow the other one.";
    case NoPort::Cause::host_is_remote:
      return "No port can be bound on " + machine_or(failure.host) +
             ": it is not an address of this machine; name one, or leave the host out.";
    case NoPort::Cause::outside_of_range:
      break;
  }
  return "No port from " + text_of(*failure.range) +
         " on can be found: the first port is outside of the range; start inside of it.";
}

std::string explain(const ports::NoAddress& failure) {
  const auto host = "Host " + net::printable(failure.host);
  if (failure.resolver_error.empty())
    return host + " has no address of the requested family: allow the other family, or name another host.";
  return host + " could not be resolved. (" + failure.resolver_error + ")";
}

std::string explain(const ports::Reservation& reservation) {
  const auto port = "Port " + std::to_string(reservation.port());
  if (reservation.parked()) {
    return port + " is parked in TIME_WAIT for " + std::to_string(os::time_wait_length.count()) +
           " seconds: the system hands it to no other process, and a server that sets SO_REUSEADDR can bind "
           "it.";
  }
  if (reservation.listens()) return port + " listens: connections are queued until a server accepts them.";
  return port +
         " is reserved as long as this reservation lives: the system hands it to no other process, and a "
         "server "
         "that sets SO_REUSEADDR can bind it.";
}

}  // namespace portend::capi
