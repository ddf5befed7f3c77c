// SPDX-License-Identifier: MIT
#include "ports/reservation.hpp"

#include <algorithm>
#include <utility>

#include "os/time_wait.hpp"
#include "ports/search.hpp"

namespace portend::ports {

namespace {

/// The same options, for the whole machine: what is held there is held everywhere. A port server
/// is asked only by who wants no less.
SearchOptions for_whole_machine(SearchOptions options) {
  options.ask_port_server = options.ask_port_server && options.host.empty();
  options.host.clear();
  options.family.reset();
  return options;
}

os::Descriptor bind_beside(const BindAddress& address, std::uint16_t port) {
  auto socket = os::bindable_socket(address.ip.family, address.transport,
                                    {.reuse_address = true, .dual_stack = address.dual_stack});
  if (!socket || os::bind(socket, {address.ip, port}) != os::Binding::bound) return {};
  return socket;
}

}  // namespace

Reservation::Reservation(const SearchOptions& options) {
  const auto wide = for_whole_machine(options);
  Search search(wide);
  const bool is_wide = options.host.empty() && !options.family;
  const auto addresses = is_wide ? search.binder().addresses() : PortBinder(options).addresses();
  std::vector<BoundPort> rejected;  // held, so that they are not found again
  for (;;) {
    auto result = search.next();
    for (const auto& socket : result.sockets) os::allow_reuse(socket);
    port_ = result.port;
    addresses_ = addresses;
    if (is_wide) {
      sockets_ = std::move(result.sockets);
      return;
    }
    sockets_.clear();
    for (const auto& address : addresses) sockets_.push_back(bind_beside(address, port_));
    if (std::ranges::all_of(sockets_, [](const auto& socket) { return bool(socket); })) {
      guards_ = std::move(result.sockets);
      return;
    }
    rejected.push_back(std::move(result));
  }
}

void Reservation::listen(int backlog) {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if (addresses_[i].transport == os::Transport::tcp) os::listen(sockets_[i], backlog);
  }
  state_ = State::listening;
}

std::optional<std::chrono::seconds> Reservation::park() {
  std::vector<os::Ip> addresses{os::loopback4, os::loopback6};
  for (const auto& address : addresses_) {
    const bool is_new = std::ranges::find(addresses, address.ip) == addresses.end();
    if (is_new && address.ip != os::any4 && address.ip != os::any6) addresses.push_back(address.ip);
  }
  if (!os::leave_in_time_wait(port_, addresses)) return {};
  sockets_.clear();
  addresses_.clear();
  guards_.clear();
  state_ = State::parked;
  return os::time_wait_length;
}

std::string Reservation::explain() const {
  const auto port = "Port " + std::to_string(port_);
  switch (state_) {
    case State::held:
      return port +
             " is held: nobody else gets it as long as this reservation lives, and a server "
             "that sets SO_REUSEADDR can bind it.";
    case State::listening:
      return port + " listens: connections are queued for whoever accepts them.";
    case State::parked:
      break;
  }
  return port + " is parked in TIME_WAIT for " + std::to_string(os::time_wait_length.count()) +
         " seconds: the system hands it to nobody, and a server that sets SO_REUSEADDR can bind it.";
}

}  // namespace portend::ports
