// SPDX-License-Identifier: MIT
#include "os/linux/netlink.hpp"

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <vector>

#include "os/posix/sockaddr.hpp"

namespace portend::os {

namespace {

constexpr std::size_t most_at_once = 64;
constexpr std::size_t answer_room = 512;
constexpr std::size_t dump_room = 32768;

/// lo always has the index 1, and what a machine sends to itself arrives through it.
constexpr std::uint32_t loopback_interface = 1;

DiagRequest request(Family family, std::uint32_t states, std::uint16_t flags, std::uint32_t sequence) {
  DiagRequest result{};
  result.header.nlmsg_len = sizeof result;
  result.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  result.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  result.header.nlmsg_seq = sequence;
  result.body.sdiag_family = static_cast<std::uint8_t>(domain(family));
  result.body.sdiag_protocol = IPPROTO_TCP;
  result.body.idiag_states = states;
  return result;
}

DiagAnswer answer_of(const nlmsghdr& message) {
  DiagAnswer answer{.sequence = message.nlmsg_seq};
  const auto* payload = reinterpret_cast<const char*>(&message) + NLMSG_HDRLEN;
  const std::size_t size = message.nlmsg_len - NLMSG_HDRLEN;
  if (message.nlmsg_type == SOCK_DIAG_BY_FAMILY && size >= sizeof(inet_diag_msg)) {
    answer.socket = reinterpret_cast<const inet_diag_msg*>(payload);
    answer.size = size;
  } else if (message.nlmsg_type == NLMSG_ERROR && size >= sizeof(int)) {
    int code = 0;
    std::memcpy(&code, payload, sizeof code);
    answer.error = -code;
  } else {
    answer.error = EPROTO;
  }
  return answer;
}

/// Walks the messages of one datagram; `visit` says whether to go on.
bool each_message(std::span<const std::byte> datagram, const std::function<bool(const nlmsghdr&)>& visit) {
  while (datagram.size() >= sizeof(nlmsghdr)) {
    const auto& message = *reinterpret_cast<const nlmsghdr*>(datagram.data());
    if (message.nlmsg_len < sizeof(nlmsghdr) || message.nlmsg_len > datagram.size()) return false;
    if (!visit(message)) return false;
    datagram = datagram.subspan(std::min<std::size_t>(NLMSG_ALIGN(message.nlmsg_len), datagram.size()));
  }
  return true;
}

}  // namespace

Descriptor open_diag_socket(std::uint32_t groups, std::span<const sock_filter> filter) {
  Descriptor netlink(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG));
  if (!netlink) return netlink;
  if (!filter.empty()) {
    const sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                             .filter = const_cast<sock_filter*>(filter.data())};
    if (setsockopt(netlink.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
      return {};
    }
  }
  if (groups != 0) {
    sockaddr_nl own{};
    own.nl_family = AF_NETLINK;
    own.nl_groups = groups;
    if (bind(netlink.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) return {};
  }
  return netlink;
}

DiagRequest exact_request(const Endpoint& where, std::uint32_t sequence) {
  auto result = request(where.ip.family, only_listening, 0, sequence);
  auto& id = result.body.id;
  id.idiag_sport = htons(where.port);
  std::memcpy(id.idiag_src, where.ip.bytes.data(), sizeof id.idiag_src);
  id.idiag_if = loopback_interface;
  std::ranges::fill(id.idiag_cookie, INET_DIAG_NOCOOKIE);
  return result;
}

DiagRequest dump_request(Family family, std::uint32_t states, std::uint32_t sequence) {
  return request(family, states, NLM_F_DUMP, sequence);
}

bool send_all(const Descriptor& netlink, std::span<const DiagRequest> requests) {
  const auto size = static_cast<ssize_t>(requests.size_bytes());
  return send(netlink.get(), requests.data(), requests.size_bytes(), 0) == size;
}

bool receive(const Descriptor& netlink, std::size_t messages,
             const std::function<void(const DiagAnswer&)>& take) {
  alignas(nlmsghdr) std::array<std::array<std::byte, answer_room>, most_at_once> rooms;
  std::array<iovec, most_at_once> places;
  std::array<mmsghdr, most_at_once> headers;
  while (messages > 0) {
    const auto wanted = std::min(messages, most_at_once);
    for (std::size_t i = 0; i < wanted; ++i) {
      places[i] = {.iov_base = rooms[i].data(), .iov_len = answer_room};
      headers[i] = {};
      headers[i].msg_hdr.msg_iov = &places[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int came =
        recvmmsg(netlink.get(), headers.data(), static_cast<unsigned>(wanted), MSG_DONTWAIT, nullptr);
    if (came <= 0) return false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(came); ++i) {
      each_message(std::span(rooms[i]).first(headers[i].msg_len), [&](const nlmsghdr& message) {
        take(answer_of(message));
        return true;
      });
    }
    messages -= static_cast<std::size_t>(came);
  }
  return true;
}

bool dump(const Descriptor& netlink, const DiagRequest& request,
          const std::function<void(const DiagAnswer&)>& take) {
  if (!send_all(netlink, std::span(&request, 1))) return false;
  std::vector<std::byte> room(dump_room);
  bool refused = false;
  bool done = false;
  while (!done && !refused) {
    const ssize_t size = recv(netlink.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (size <= 0) return false;
    each_message(std::span(room).first(static_cast<std::size_t>(size)), [&](const nlmsghdr& message) {
      if (message.nlmsg_seq != request.header.nlmsg_seq) return true;
      done = message.nlmsg_type == NLMSG_DONE;
      const auto answer = done ? DiagAnswer{} : answer_of(message);
      refused = answer.error != 0;
      if (answer.socket != nullptr) take(answer);
      return !done && !refused;
    });
  }
  return !refused;
}

Endpoint local_endpoint(const inet_diag_msg& socket) {
  Endpoint endpoint;
  endpoint.ip.family = socket.idiag_family == AF_INET ? Family::ipv4 : Family::ipv6;
  endpoint.port = ntohs(socket.id.idiag_sport);
  const std::size_t length = endpoint.ip.family == Family::ipv4 ? 4 : 16;
  std::memcpy(endpoint.ip.bytes.data(), socket.id.idiag_src, length);
  return endpoint;
}

bool is_v6_only(const DiagAnswer& answer) {
  const auto* start = reinterpret_cast<const char*>(answer.socket);
  std::size_t at = NLMSG_ALIGN(sizeof(inet_diag_msg));
  while (at + sizeof(nlattr) <= answer.size) {
    nlattr attribute{};
    std::memcpy(&attribute, start + at, sizeof attribute);
    if (attribute.nla_len < sizeof attribute || at + attribute.nla_len > answer.size) break;
    if (attribute.nla_type == INET_DIAG_SKV6ONLY) return start[at + sizeof attribute] != 0;
    at += NLA_ALIGN(attribute.nla_len);
  }
  return false;
}

}  // namespace portend::os
