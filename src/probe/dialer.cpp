// SPDX-License-Identifier: MIT
#include "probe/dialer.hpp"

#include <cerrno>
#include <utility>

namespace portend::probe {

namespace {

/// Spare sockets to keep. As many attempts follow as answers come at once; more are rarely needed.
constexpr std::size_t most_spares = 64;

Answer without_socket(int error) {
  if (os::is_policy_refusal(error)) return {Answer::Kind::no_socket, error};
  return {Answer::Kind::unreachable};
}

}  // namespace

os::Descriptor Dialer::socket_for(const os::Endpoint& to) {
  auto& spares = spares_[static_cast<std::size_t>(to.ip.family)];
  if (spares.empty()) return os::connecting_socket(to.ip.family);
  auto socket = std::move(spares.back());
  spares.pop_back();
  return socket;
}

void Dialer::keep(os::Descriptor& socket, const os::Endpoint& to) {
  auto& spares = spares_[static_cast<std::size_t>(to.ip.family)];
  auto spare = std::exchange(socket, {});
  if (spares.size() < most_spares) spares.push_back(std::move(spare));
}

std::optional<Answer> Dialer::connect(const os::Endpoint& to, Expect expect, os::Handshake handshake,
                                      os::Descriptor& socket) {
  socket = socket_for(to);
  if (!socket) return without_socket(errno);
  auto progress = os::begin_connect(socket, to, handshake);
  if (progress.state == os::Connecting::pending && expect == Expect::answer_at_once) {
    progress = os::continue_connect(socket, to);
  }
  return conclude(progress, to, handshake, socket);
}

std::optional<Answer> Dialer::ask(const os::Endpoint& to, os::Handshake handshake, os::Descriptor& socket) {
  return conclude(os::continue_connect(socket, to), to, handshake, socket);
}

std::optional<Answer> Dialer::conclude(os::ConnectProgress progress, const os::Endpoint& to,
                                       os::Handshake handshake, os::Descriptor& socket) {
  switch (progress.state) {
    case os::Connecting::pending:
      return {};
    case os::Connecting::refused:
      if (os::refused_socket_can_connect_again) keep(socket, to);
      socket.reset();
      return Answer{Answer::Kind::refused};
    case os::Connecting::established:
      return established(to, handshake, socket);
    case os::Connecting::forbidden:
      socket.reset();
      return Answer{Answer::Kind::forbidden, progress.error};
    case os::Connecting::unreachable:
      break;
  }
  socket.reset();
  return Answer{Answer::Kind::unreachable};
}

Answer Dialer::established(const os::Endpoint& to, os::Handshake handshake, os::Descriptor& socket) {
  if (os::connected_to_itself(socket)) {
    if (os::reset_connection(socket)) keep(socket, to);
    socket.reset();
    return {Answer::Kind::refused};
  }
  if (handshake == os::Handshake::half_open && os::abandon_handshake(socket)) keep(socket, to);
  return {Answer::Kind::accepted};
}

}  // namespace portend::probe
