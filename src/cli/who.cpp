// SPDX-License-Identifier: MIT
// portend who [PORT|A-B|SERVICE]...
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "forwarding.hpp"
#include "handles.hpp"
#include "output.hpp"
#include "port_arguments.hpp"
#include "print_error.hpp"
#include "socket_text.hpp"
#include "table.hpp"

namespace portend::cli {

namespace {

constexpr unsigned listening_kinds = PORTEND_SOCKETS_LISTENING;
constexpr unsigned tcp_kinds =
    listening_kinds | PORTEND_SOCKETS_BOUND | PORTEND_SOCKETS_CONNECTED | PORTEND_SOCKETS_TIME_WAIT;

/// The sockets of one port range.
struct Listing {
  PortRange ports;
  Sockets snapshot;
  std::vector<SocketRef> shown;
  std::size_t hidden = 0;  // of kinds that were not requested
};

/// Sorts the ranges and joins overlapping ones, so that no socket is listed twice.
std::vector<PortRange> joined(std::vector<PortRange> ranges) {
  std::ranges::sort(ranges, {}, &PortRange::first);
  std::vector<PortRange> result;
  for (const auto& range : ranges) {
    if (!result.empty() && range.first <= result.back().last) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

Listing list(PortRange ports, const WhoOptions& options) {
  const bool wants_reasons = options.all || !options.ports.empty();
  const unsigned udp = options.udp ? PORTEND_SOCKETS_UDP : 0;
  const unsigned shown_kinds = (options.all ? tcp_kinds : listening_kinds) | udp;
  portend_sockets* made = nullptr;
  check(portend_sockets_create(ports.first, ports.last, (wants_reasons ? tcp_kinds : listening_kinds) | udp,
                               &made));
  Listing listing{.ports = ports, .snapshot = Sockets(made), .shown = {}, .hidden = 0};
  for (int i = 0; i < portend_sockets_count(made); ++i) {
    if ((portend_sockets_kind(made, i) & shown_kinds) != 0) {
      listing.shown.push_back({made, i});
    } else {
      ++listing.hidden;
    }
  }
  return listing;
}

void print_rows(const std::vector<SocketRef>& sockets, const WhoOptions& options) {
  const bool with_kinds = options.all || options.udp;
  Rows rows(1);
  rows[0].emplace_back("ADDRESS");
  if (options.all) rows[0].emplace_back("PEER");
  if (with_kinds) rows[0].emplace_back("STATE");
  for (const auto* heading : {"PID", "PROCESS", "USER", "PARENT", "COMMAND"}) rows[0].emplace_back(heading);
  for (const auto& socket : sockets) {
    auto& row = rows.emplace_back();
    row.push_back(local_text(socket));
    if (options.all) row.push_back(peer_text(socket));
    if (with_kinds) row.push_back(state_text(socket));
    for (auto& text : owner_columns(socket)) row.push_back(std::move(text));
  }
  print_table(rows);
}

void print_json_list(const std::vector<SocketRef>& sockets) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& socket : sockets) list.push_back(json_of(socket));
  print_json(list);
}

void print_hidden_owners(const std::vector<SocketRef>& sockets) {
  const auto hidden = std::ranges::count_if(sockets, has_unseen_owner);
  if (hidden == 0) return;
  const bool has_proc = access("/proc/self", F_OK) == 0;
  print_error("portend: the processes of " + std::to_string(hidden) + " of " +
              std::to_string(sockets.size()) + " sockets cannot be seen: " +
              (has_proc ? "they are of other users, or outside of this container."
                        : "/proc is not mounted (proc(5))."));
}

std::string ports_text(PortRange ports) {
  if (ports.is_single()) return "port " + std::to_string(ports.first);
  return "ports " + std::to_string(ports.first) + " to " + std::to_string(ports.last);
}

std::string why_without_listener(const Listing& listing, bool udp) {
  if (!listing.ports.is_single()) {
    if (listing.hidden == 0) return "";
    if (listing.hidden == 1) return "1 socket does not listen: --all lists it";
    return std::to_string(listing.hidden) + " sockets do not listen: --all lists them";
  }
  const int port = listing.ports.first;
  if (const auto address = forwarded_address(port)) {
    return "no listener, yet a connection to " + *address + " is accepted: forwarded?";
  }
  std::string explanation = portend_sockets_explain(listing.snapshot.get(), port);
  if (!explanation.empty()) return explanation;
  return std::string(udp ? "no socket" : "no TCP socket") + " in this network namespace uses it";
}

void print_what_has_no_listener(const std::vector<Listing>& listings, bool whole_machine, bool udp) {
  for (const auto& listing : listings) {
    if (!listing.shown.empty()) continue;
    if (whole_machine) return print_error("Nothing listens in this network namespace.");
    const auto why = why_without_listener(listing, udp);
    print_error("Nothing listens on " + ports_text(listing.ports) + "." +
                (why.empty() ? "" : " (" + why + ")"));
  }
}

}  // namespace

int who(const WhoOptions& options) {
  std::vector<PortRange> ranges;
  for (const auto& text : options.ports) ranges.push_back(parse_ports(text));
  const bool whole_machine = ranges.empty();
  if (whole_machine) ranges.push_back({1, 65535});
  std::vector<Listing> listings;
  std::vector<SocketRef> shown;
  for (const auto& range : joined(std::move(ranges))) {
    listings.push_back(list(range, options));
    shown.insert(shown.end(), listings.back().shown.begin(), listings.back().shown.end());
  }
  if (options.json) {
    print_json_list(shown);
  } else if (!shown.empty()) {
    print_rows(shown, options);
    print_hidden_owners(shown);
  }
  print_what_has_no_listener(listings, whole_machine, options.udp);
  return shown.empty() ? exit_failure : exit_success;
}

}  // namespace portend::cli
