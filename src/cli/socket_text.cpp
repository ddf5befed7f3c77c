// SPDX-License-Identifier: MIT
#include "socket_text.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

namespace portend::cli {

namespace {

std::string endpoint_text(std::string_view address, int port) {
  const bool has_colons = address.find(':') != address.npos;
  std::string text(has_colons ? "[" : "");
  return text.append(address).append(has_colons ? "]:" : ":").append(std::to_string(port));
}

const char* kind_text(const SocketRef& socket) {
  switch (portend_sockets_kind(socket.snapshot, socket.index)) {
    case PORTEND_SOCKETS_LISTENING:
      return "listening";
    case PORTEND_SOCKETS_BOUND:
      return "bound";
    case PORTEND_SOCKETS_CONNECTED:
      return "connected";
    case PORTEND_SOCKETS_TIME_WAIT:
      return "time_wait";
    default:
      return "udp";
  }
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }
std::string number_or_dash(std::int64_t number) { return number == 0 ? "-" : std::to_string(number); }

template <class Value>
nlohmann::ordered_json or_null(const Value& value, bool known) {
  return known ? nlohmann::ordered_json(value) : nullptr;
}

}  // namespace

std::string local_text(const SocketRef& socket) {
  const auto [snapshot, index] = socket;
  const int port = portend_sockets_port(snapshot, index);
  if (portend_sockets_dual_stack(snapshot, index) != 0) return "*:" + std::to_string(port);
  return endpoint_text(portend_sockets_address(snapshot, index), port);
}

std::string peer_text(const SocketRef& socket) {
  const auto [snapshot, index] = socket;
  const int port = portend_sockets_peer_port(snapshot, index);
  return port == 0 ? "-" : endpoint_text(portend_sockets_peer_address(snapshot, index), port);
}

std::string state_text(const SocketRef& socket) {
  if (portend_sockets_kind(socket.snapshot, socket.index) != PORTEND_SOCKETS_TIME_WAIT)
    return kind_text(socket);
  const auto remaining = portend_sockets_remaining_ms(socket.snapshot, socket.index);
  return "time-wait " + std::to_string((remaining + 999) / 1000) + "s";
}

std::array<std::string, 5> owner_columns(const SocketRef& socket) {
  const auto [snapshot, index] = socket;
  return {number_or_dash(portend_sockets_pid(snapshot, index)),
          or_dash(portend_sockets_process(snapshot, index)), or_dash(portend_sockets_user(snapshot, index)),
          number_or_dash(portend_sockets_parent_pid(snapshot, index)),
          or_dash(portend_sockets_command_line(snapshot, index))};
}

std::string owner_text(const SocketRef& socket) {
  const auto [snapshot, index] = socket;
  return std::string(portend_sockets_process(snapshot, index)) + " (pid " +
         std::to_string(portend_sockets_pid(snapshot, index)) + ", user " +
         portend_sockets_user(snapshot, index) + ")";
}

bool has_unseen_owner(const SocketRef& socket) {
  const auto [snapshot, index] = socket;
  return portend_sockets_pid(snapshot, index) == 0 && *portend_sockets_user(snapshot, index) != '\0';
}

nlohmann::ordered_json json_of(const SocketRef& socket) {
  const auto [snapshot, index] = socket;
  const auto pid = portend_sockets_pid(snapshot, index);
  const auto peer_port = portend_sockets_peer_port(snapshot, index);
  const auto remaining = portend_sockets_remaining_ms(snapshot, index);
  const std::string user = portend_sockets_user(snapshot, index);
  return {{"address", portend_sockets_address(snapshot, index)},
          {"port", portend_sockets_port(snapshot, index)},
          {"dual_stack", portend_sockets_dual_stack(snapshot, index) != 0},
          {"pid", or_null(pid, pid != 0)},
          {"process", or_null(portend_sockets_process(snapshot, index), pid != 0)},
          {"user", or_null(user, !user.empty())},
          {"kind", kind_text(socket)},
          {"peer_address", or_null(portend_sockets_peer_address(snapshot, index), peer_port != 0)},
          {"peer_port", or_null(peer_port, peer_port != 0)},
          {"parent_pid", or_null(portend_sockets_parent_pid(snapshot, index), pid != 0)},
          {"command_line", or_null(portend_sockets_command_line(snapshot, index), pid != 0)},
          {"remaining_ms", or_null(remaining, remaining != 0)}};
}

}  // namespace portend::cli
