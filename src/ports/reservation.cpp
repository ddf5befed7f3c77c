// SPDX-License-Identifier: MIT
#include "ports/reservation.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include "os/port_guard.hpp"
#include "os/time_wait.hpp"
#include "ports/block_search.hpp"
#include "ports/search.hpp"

namespace portend::ports {

namespace {

/// Returns options for the whole machine, since a port must be bound on all addresses to be kept. A port
/// server serves only callers that want the whole machine.
SearchOptions for_whole_machine(SearchOptions options) {
  options.ask_port_server = options.ask_port_server && options.host.empty();
  options.host.clear();
  options.family.reset();
  return options;
}

bool is_tcp(const BindAddress& address) { return address.transport == os::Transport::tcp; }

/// The ports of one search: single ports or a block.
class PortSource {
 public:
  PortSource(const SearchOptions& options, std::size_t count, os::Instant until)
      : block_size_(options.consecutive && count > 1 ? count : 0) {
    if (block_size_ > 0) {
      blocks_ = std::make_unique<BlockSearch>(options, Purpose::reserve, until);
    } else {
      search_ = std::make_unique<Search>(options, Purpose::reserve, until);
    }
  }

  PortTrial& trial() { return blocks_ ? blocks_->trial() : search_->trial(); }

  std::vector<BoundPort> next() {
    if (blocks_) return blocks_->next(block_size_);
    std::vector<BoundPort> one;
    one.push_back(search_->next());
    return one;
  }

 private:
  std::size_t block_size_;
  std::unique_ptr<BlockSearch> blocks_;
  std::unique_ptr<Search> search_;
};

}  // namespace

std::vector<Reservation> Reservation::create(const SearchOptions& options, std::size_t count) {
  const auto until = search_deadline();
  const auto wide = for_whole_machine(options);
  PortSource source(wide, count, until);
  const bool is_wide = options.host.empty() && !options.family;
  const auto addresses = is_wide ? source.trial().binder().addresses() : bind_addresses(options, until).list;
  std::vector<Reservation> reservations;
  while (reservations.size() < count) {
    auto ports = source.next();
    std::vector<Reservation> made;
    for (auto& port : ports) {
      made.push_back(Reservation(port.port, addresses));
      if (made.back().take(std::move(port.sockets), is_wide)) continue;
      source.trial().take_back(ports.size());
      source.trial().reject(port.port);
      made.clear();
      break;
    }
    std::ranges::move(made, std::back_inserter(reservations));
  }
  return reservations;
}

Reservation::Reservation(std::uint16_t port, std::vector<BindAddress> addresses)
    : port_(port), addresses_(std::move(addresses)) {}

bool Reservation::take(std::vector<os::Descriptor> bound, bool is_wide) {
  sockets_.resize(addresses_.size());
  // In both lists TCP comes first. The last address is for UDP if any is.
  const bool has_udp = !is_tcp(addresses_.back());
  if (has_udp && os::stop_receiving(bound.back())) {
    udp_guard_ = std::move(bound.back());
    bound.pop_back();
  }
  os::set_reuse(bound[0], true);
  if (is_wide) {
    std::ranges::move(bound, sockets_.begin());
    return true;
  }
  guards_ = std::move(bound);
  for (std::size_t i = 0; i < addresses_.size() && is_tcp(addresses_[i]); ++i) {
    sockets_[i] = bind_beside(addresses_[i]);
    if (!sockets_[i]) return false;
  }
  return true;
}

/// Binds a socket to the port beside one that is bound already. Both must have SO_REUSEADDR set.
os::Descriptor Reservation::bind_beside(const BindAddress& address) const {
  auto socket = os::bindable_socket(address.ip.family, address.transport,
                                    {.reuse_address = true, .dual_stack = address.dual_stack});
  if (!socket || os::bind(socket, {address.ip, port_}) != os::Binding::bound) return {};
  return socket;
}

const os::Descriptor& Reservation::socket(std::size_t index) {
  auto& socket = sockets_[index];
  if (socket) return socket;
  const auto& guard = udp_guard_ ? udp_guard_ : guards_.back();
  os::set_reuse(guard, true);
  socket = bind_beside(addresses_[index]);
  os::set_reuse(guard, false);
  if (!socket) throw std::system_error(EADDRINUSE, std::generic_category(), "no socket for UDP");
  os::set_reuse(socket, false);
  return socket;
}

void Reservation::listen(int backlog) {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if (is_tcp(addresses_[i])) os::listen(sockets_[i], backlog);
  }
  state_ = State::listening;
}

std::optional<std::chrono::seconds> Reservation::park() {
  std::vector<os::Ip> addresses{os::loopback4, os::loopback6};
  for (const auto& address : addresses_) {
    const bool is_new = std::ranges::find(addresses, address.ip) == addresses.end();
    if (is_new && !os::is_wildcard(address.ip)) addresses.push_back(address.ip);
  }
  if (!os::leave_in_time_wait(port_, addresses)) return {};
  addresses_.clear();
  sockets_.clear();
  guards_.clear();
  udp_guard_.reset();
  state_ = State::parked;
  return os::time_wait_length;
}

/// The socket that is bound to all addresses is enough.
void Reservation::inherit() const {
  os::duplicate_at_top(guards_.empty() ? sockets_[0] : guards_[0]);
  if (udp_guard_) os::duplicate_at_top(udp_guard_);
}

}  // namespace portend::ports
