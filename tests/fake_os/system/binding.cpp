// SPDX-License-Identifier: MIT
// Bound sockets, and ports that the system chooses.
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "fake_os/system/files.hpp"
#include "os/connect.hpp"
#include "os/environment.hpp"
#include "os/forwarding.hpp"
#include "os/local_service.hpp"
#include "os/port_guard.hpp"
#include "os/port_range.hpp"
#include "os/service.hpp"
#include "os/socket.hpp"
#include "os/time_wait.hpp"

namespace portend::fake {

namespace {

/// Whether two sockets would share an address.
bool overlap(const os::Endpoint& one, bool one_dual, const os::Endpoint& other, bool other_dual) {
  if (one.port != other.port) return false;
  if (one.ip == other.ip) return true;
  if (one_dual || other_dual) return true;
  return one.ip.family == other.ip.family && (os::is_wildcard(one.ip) || os::is_wildcard(other.ip));
}

}  // namespace

bool BoundFile::conflicts_with(const os::Endpoint& where, const BoundFile& other) const {
  if (&other == this || !other.local || other.transport != transport) return false;
  if (!overlap(where, options.dual_stack, *other.local, other.options.dual_stack)) return false;
  return !(options.reuse_address && other.options.reuse_address && other.listener == nullptr);
}

bool BoundFile::is_taken(const os::Endpoint& where) const {
  auto& world = World::current();
  for (const auto& other : world.files_of<BoundFile>()) {
    if (conflicts_with(where, *other)) return true;
  }
  if (transport == os::Transport::udp) return false;
  for (const auto& listener : world.listeners) {
    const auto& entry = listener->entry;
    if (listener->open && overlap(where, options.dual_stack, entry.local, entry.dual_stack)) return true;
  }
  return !options.reuse_address && std::ranges::any_of(world.connections, [&](const auto& each) {
    return overlap(where, options.dual_stack, each.local, false);
  });
}

os::Binding BoundFile::bind(os::Endpoint where) {
  auto& world = World::current();
  if (!any_address && !os::is_wildcard(where.ip) && !os::is_local(where.ip)) return os::Binding::no_address;
  if (const auto scripted = world.bindings.find(where.port); scripted != world.bindings.end()) {
    return scripted->second;
  }
  if (where.port == 0) {
    for (std::uint32_t port = first; port <= last; ++port) {
      where.port = static_cast<std::uint16_t>(port);
      if (!world.bindings.contains(where.port) && !is_taken(where)) break;
      if (port == last) return os::Binding::in_use;
    }
  }
  if (is_taken(where)) return os::Binding::in_use;
  local = where;
  return os::Binding::bound;
}

}  // namespace portend::fake

namespace portend::os {

namespace {

fake::World& world() { return fake::World::current(); }

std::shared_ptr<fake::BoundFile> bound(const Descriptor& socket) {
  return world().file_as<fake::BoundFile>(socket.get());
}

}  // namespace

const std::chrono::seconds time_wait_length{60};

Descriptor bindable_socket(Family family, Transport transport, BindOptions options) {
  if (family == Family::ipv6 && world().lacks_ipv6) {
    errno = EAFNOSUPPORT;
    return {};
  }
  auto file = std::make_shared<fake::BoundFile>();
  file->family = family;
  file->transport = transport;
  file->options = options;
  return Descriptor(world().open_or_throw(file, "no socket"));
}

Binding bind(const Descriptor& socket, const Endpoint& where) { return bound(socket)->bind(where); }

void set_reuse(const Descriptor& socket, bool allowed) { bound(socket)->options.reuse_address = allowed; }

bool is_policy_refusal(int error) noexcept { return error == EPERM || error == EACCES || error == ENOSYS; }

const Ip& guard_address(Family family) noexcept {
  static const Ip guard4 = *ip_from_text("127.112.111.114");
  static const Ip guard6 = *ip_from_text("100::70:6f72");
  return family == Family::ipv4 ? guard4 : guard6;
}

Binding bind_guard(Family family, std::uint16_t port, Descriptor& guard) {
  auto socket = bindable_socket(family, Transport::tcp, {});
  if (!socket) return Binding::no_address;
  bound(socket)->any_address = true;
  const auto binding = bind(socket, {guard_address(family), port});
  if (binding == Binding::bound) guard = std::move(socket);
  return binding;
}

bool stop_receiving(const Descriptor&) noexcept { return true; }

int duplicate_at_top(const Descriptor& descriptor) { return world().open(bound(descriptor)); }

bool tracks_connections() noexcept { return false; }

Connecting connect_until(const Descriptor& socket, const Endpoint& to, Instant) {
  return begin_connect(socket, to, Handshake::complete).state;
}

const char* trusted_environment(const char* name) noexcept { return std::getenv(name); }

void listen(const Descriptor& socket, int) {
  const auto file = bound(socket);
  const auto& local = *file->local;
  file->listener =
      &world().listen(ip_to_text(local.ip), local.port, {.dual_stack = file->options.dual_stack});
}

std::uint16_t bound_port(const Descriptor& socket) { return bound(socket)->local.value_or(Endpoint()).port; }

EphemeralPorts ephemeral_ports() { return {.first = 40000, .last = 60000, .reserved = {40001, 40002}}; }

bool restrict_range(const Descriptor& socket, std::uint16_t first, std::uint16_t last) noexcept {
  if (!world().can_restrict_range) return false;
  const auto file = bound(socket);
  file->first = first;
  file->last = last;
  return true;
}

std::uint64_t pid_namespace() noexcept { return 7; }

bool leave_in_time_wait(std::uint16_t port, std::span<const Ip> addresses) {
  for (const auto& ip : addresses) world().connect(ip_to_text(ip), port, SocketKind::time_wait);
  return !addresses.empty();
}

std::optional<std::string> ask_local_service(const std::string&, const std::string&, Instant) {
  return world().port_server_answer;
}

std::optional<std::uint16_t> tcp_service_port(const std::string& name) {
  return name == "http" ? std::optional<std::uint16_t>(80) : std::nullopt;
}

}  // namespace portend::os
