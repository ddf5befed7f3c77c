// SPDX-License-Identifier: MIT
#include "probe/dialer.hpp"

#include <utility>

namespace portend::probe {

namespace {

/// As many answers as come at once are followed by as many attempts; more are seldom of use.
constexpr std::size_t most_spares = 64;

}  // namespace

os::Descriptor Dialer::socket_for(const os::Endpoint& to) {
  auto& spares = spares_[static_cast<std::size_t>(to.ip.family)];
  if (spares.empty()) return os::dialing_socket(to.ip.family);
  auto socket = std::move(spares.back());
  spares.pop_back();
  return socket;
}

void Dialer::keep(os::Descriptor socket, const os::Endpoint& to) {
  auto& spares = spares_[static_cast<std::size_t>(to.ip.family)];
  if (spares.size() < most_spares) spares.push_back(std::move(socket));
}

std::optional<Answer> Dialer::dial(const os::Endpoint& to, Distance distance, os::Descriptor& under_way) {
  auto socket = socket_for(to);
  if (!socket) return Answer::unreachable;
  auto state = os::begin_connect(socket, to);
  if (state == os::Connecting::pending && distance == Distance::near) {
    state = os::continue_connect(socket, to);
  }
  return conclude(state, std::move(socket), to, under_way);
}

std::optional<Answer> Dialer::ask(os::Descriptor& under_way, const os::Endpoint& to) {
  auto socket = std::exchange(under_way, {});
  const auto state = os::continue_connect(socket, to);
  return conclude(state, std::move(socket), to, under_way);
}

std::optional<Answer> Dialer::conclude(os::Connecting state, os::Descriptor socket, const os::Endpoint& to,
                                       os::Descriptor& under_way) {
  switch (state) {
    case os::Connecting::pending:
      under_way = std::move(socket);
      return {};
    case os::Connecting::refused:
      if (os::refused_socket_can_dial_again) keep(std::move(socket), to);
      return Answer::refused;
    case os::Connecting::established: {
      const bool itself = os::connected_to_itself(socket);
      if (os::drop_connection(socket)) keep(std::move(socket), to);
      return itself ? Answer::refused : Answer::accepted;
    }
    case os::Connecting::unreachable:
      break;
  }
  return Answer::unreachable;
}

bool is_held(const os::Endpoint& where) {
  const auto socket = os::bindable_socket(where.ip.family, os::Transport::tcp, {.reuse_address = true});
  return socket && os::bind(socket, where) == os::Binding::in_use;
}

}  // namespace portend::probe
