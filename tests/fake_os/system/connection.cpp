// SPDX-License-Identifier: MIT
// Sockets that connect.
#include <system_error>

#include "fake_os/system/files.hpp"
#include "os/socket.hpp"

namespace portend::fake {

namespace {

/// How long the kernel delays the last step of a handshake; half of it may be used.
constexpr os::Duration longest_half_open = 200ms;
constexpr os::Duration usable_half_open = 100ms;

os::ConnectProgress progress_of(Behavior behavior, int error) {
  switch (behavior) {
    case Behavior::accept:
    case Behavior::itself:
      return {os::Connecting::established};
    case Behavior::refuse:
      return {os::Connecting::refused};
    case Behavior::forbidden:
      return {os::Connecting::forbidden, error};
    case Behavior::no_ports:
      throw std::system_error(EADDRNOTAVAIL, std::generic_category(), "no local port left");
    case Behavior::no_buffers:
      throw std::system_error(ENOBUFS, std::generic_category(), "connect");
    case Behavior::silence:
      return {os::Connecting::pending};
    case Behavior::unreachable:
      break;
  }
  return {os::Connecting::unreachable};
}

}  // namespace

void ConnectionFile::later(os::Duration delay, void (ConnectionFile::*action)()) {
  World::current().after(delay, [weak = weak_from_this(), action, which = attempt] {
    const auto self = weak.lock();
    if (self && self->attempt == which) (self.get()->*action)();
  });
}

void ConnectionFile::begin(const os::Endpoint& to, os::Handshake wanted) {
  auto& world = World::current();
  ++attempt;
  begun = true;
  handshake = wanted;
  progress = {};
  known_to_server = to_itself = fin_sent = peer_closed = false;
  unread = 0;
  server = world.answering(to);
  if (server == nullptr) return answer(Behavior::refuse);
  server->contacts.attempts.push_back(world.elapsed());
  if (server->behavior == Behavior::silence) return;
  if (server->round_trip == os::Duration::zero()) return answer(server->behavior);
  world.after(server->round_trip, [weak = weak_from_this(), behavior = server->behavior, which = attempt] {
    const auto self = weak.lock();
    if (self && self->attempt == which) self->answer(behavior);
  });
}

void ConnectionFile::answer(Behavior behavior) {
  progress = progress_of(behavior, server == nullptr ? 0 : server->error);
  to_itself = behavior == Behavior::itself;
  if (behavior == Behavior::accept) establish();
}

void ConnectionFile::establish() {
  established_at = World::current().now();
  if (handshake == os::Handshake::complete || !World::current().can_hold_back) return learn();
  later(longest_half_open, &ConnectionFile::learn);
}

/// The last step of the handshake reaches the server.
void ConnectionFile::learn() {
  if (known_to_server) return;
  known_to_server = true;
  ++server->contacts.accepted;
  unread = server->greeting;
  if (server->closes_after) later(*server->closes_after, &ConnectionFile::close_peer);
}

void ConnectionFile::finish_sending() {
  if (!is_established() || to_itself) return;
  learn();
  if (fin_sent) return;
  fin_sent = true;
  ++server->contacts.ended_by_fin;
  if (server->closes_on_fin) later(*server->closes_on_fin, &ConnectionFile::close_peer);
}

/// Ends a connection that no server has accepted.
void ConnectionFile::disconnect() {
  if (!to_itself) {
    if (known_to_server) {
      ++server->contacts.ended_by_reset;
    } else {
      ++server->contacts.abandoned;
    }
  }
  ++attempt;
  begun = false;
}

/// A close with unread bytes is a reset (RFC 2525, section 2.17).
void ConnectionFile::closing() {
  if (!is_established() || to_itself) return;
  learn();
  if (unread > 0) {
    ++server->contacts.ended_by_reset;
  } else if (!fin_sent) {
    ++server->contacts.ended_by_fin;
  }
  ++attempt;
  begun = false;
}

}  // namespace portend::fake

namespace portend::os {

namespace {

std::shared_ptr<fake::ConnectionFile> connection(const Descriptor& socket) {
  return fake::World::current().file_as<fake::ConnectionFile>(socket.get());
}

}  // namespace

const bool refused_socket_can_connect_again = true;

Descriptor connecting_socket(Family family) {
  auto& world = fake::World::current();
  if (family == Family::ipv6 && world.lacks_ipv6) {
    errno = world.ipv6_error;
    return {};
  }
  return Descriptor(world.open_or_throw(std::make_shared<fake::ConnectionFile>(), "no socket"));
}

ConnectProgress begin_connect(const Descriptor& socket, const Endpoint& to, Handshake handshake) {
  auto& world = fake::World::current();
  world.jump(world.cost_of_connect);
  const auto file = connection(socket);
  file->begin(to, handshake);
  return file->progress;
}

ConnectProgress continue_connect(const Descriptor& socket, const Endpoint&) {
  return connection(socket)->progress;
}

bool connected_to_itself(const Descriptor& socket) { return connection(socket)->to_itself; }

bool reset_connection(const Descriptor& socket) {
  connection(socket)->disconnect();
  return true;
}

bool abandon_handshake(const Descriptor& socket) {
  const auto file = connection(socket);
  if (file->known_to_server) return false;
  if (fake::World::current().now() - file->established_at >= fake::usable_half_open) return false;
  file->disconnect();
  return true;
}

void finish_sending(const Descriptor& socket) noexcept { connection(socket)->finish_sending(); }

bool discard_input(const Descriptor& socket) noexcept {
  const auto file = connection(socket);
  file->unread = 0;
  return file->peer_closed;
}

}  // namespace portend::os
