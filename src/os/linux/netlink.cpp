// SPDX-License-Identifier: MIT
#include "os/linux/netlink.hpp"

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "os/environment.hpp"
#include "os/posix/sockaddr.hpp"

namespace portend::os {

namespace {

constexpr std::size_t messages_at_once = 64;
constexpr std::size_t answer_room = 512;
constexpr std::size_t dump_room = 32768;

/// Some attempts fail if sockets come and go. One attempt for a table of this size takes a few milliseconds.
constexpr int dump_attempts = 16;

/// The index of lo is always 1. Whatever a machine sends to itself arrives through lo.
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

/// Calls `visit` for each message of one datagram, until `visit` returns false.
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

Descriptor open_table_socket() {
  const char* probe = trusted_environment("PORTEND_PROBE");
  const bool off = probe != nullptr && std::string_view(probe) == "connect";
  return off ? Descriptor() : open_diag_socket();
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

DumpRequest dump_request(Transport transport, Family family, std::uint32_t states, PortRange ports) {
  constexpr std::uint8_t compare = 2 * sizeof(inet_diag_bc_op);  // an operation and its port
  constexpr std::uint16_t reject = 4;                            // a jump beyond the end of the program
  const auto unfiltered = request(family, states, NLM_F_DUMP, 0);
  DumpRequest result{.header = unfiltered.header, .body = unfiltered.body, .attribute = {}, .program = {}};
  if (transport == Transport::udp) result.body.sdiag_protocol = IPPROTO_UDP;
  if (ports.first <= 1 && ports.last == 65535) return result;
  result.attribute = {.nla_len = sizeof result.attribute + sizeof result.program,
                      .nla_type = INET_DIAG_REQ_BYTECODE};
  result.program = {{{INET_DIAG_BC_S_GE, compare, 2 * compare + reject},
                     {INET_DIAG_BC_NOP, 0, ports.first},
                     {INET_DIAG_BC_S_LE, compare, compare + reject},
                     {INET_DIAG_BC_NOP, 0, ports.last}}};
  result.header.nlmsg_len = sizeof result;
  return result;
}

bool send_all(const Descriptor& netlink, std::span<const DiagRequest> requests) {
  const auto size = static_cast<ssize_t>(requests.size_bytes());
  return send(netlink.get(), requests.data(), requests.size_bytes(), 0) == size;
}

bool receive(const Descriptor& netlink, std::size_t messages,
             const std::function<void(const DiagAnswer&)>& take) {
  alignas(nlmsghdr) std::array<std::array<std::byte, answer_room>, messages_at_once> rooms;
  std::array<iovec, messages_at_once> places;
  std::array<mmsghdr, messages_at_once> headers;
  while (messages > 0) {
    const auto wanted = std::min(messages, messages_at_once);
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

namespace {

enum class DumpResult : std::uint8_t { complete, interrupted, refused };

bool is_temporary(int error) {
  return error == EBUSY || error == EAGAIN || error == EINTR || error == ENOBUFS || error == EMSGSIZE;
}

/// The last message of a dump carries its error, if any, as a negative number.
DumpResult end_of_dump(const nlmsghdr& message) {
  int code = 0;
  if (message.nlmsg_len < NLMSG_LENGTH(sizeof code)) return DumpResult::complete;
  std::memcpy(&code, reinterpret_cast<const char*>(&message) + NLMSG_HDRLEN, sizeof code);
  return code < 0 ? DumpResult::interrupted : DumpResult::complete;
}

/// Returns what one message means for the dump; nothing if the dump continues.
std::optional<DumpResult> read_message(const nlmsghdr& message, std::uint32_t sequence,
                                       const std::function<void(const DiagAnswer&)>& take) {
  if (message.nlmsg_seq != sequence) return {};  // belongs to an earlier request
  if ((message.nlmsg_flags & NLM_F_DUMP_INTR) != 0) return DumpResult::interrupted;
  if (message.nlmsg_type == NLMSG_DONE) return end_of_dump(message);
  if (message.nlmsg_type == NLMSG_OVERRUN) return DumpResult::interrupted;
  const auto answer = answer_of(message);
  if (answer.error != 0) return is_temporary(answer.error) ? DumpResult::interrupted : DumpResult::refused;
  if (answer.socket != nullptr) take(answer);
  return {};
}

DumpResult dump_once(const Descriptor& netlink, const DumpRequest& request,
                     const std::function<void(const DiagAnswer&)>& take) {
  const auto size = request.header.nlmsg_len;
  if (send(netlink.get(), &request, size, 0) != static_cast<ssize_t>(size)) return DumpResult::refused;
  std::vector<std::byte> room(dump_room);
  for (;;) {
    // With MSG_TRUNC, recv returns the length of the datagram and not of the part that fits.
    const ssize_t came = recv(netlink.get(), room.data(), room.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (came <= 0 || static_cast<std::size_t>(came) > room.size()) return DumpResult::interrupted;
    std::optional<DumpResult> end;
    const bool whole =
        each_message(std::span(room).first(static_cast<std::size_t>(came)), [&](const nlmsghdr& message) {
          end = read_message(message, request.header.nlmsg_seq, take);
          return !end;
        });
    if (end) return *end;
    if (!whole) return DumpResult::interrupted;
  }
}

}  // namespace

bool dump(Descriptor& netlink, std::uint32_t& sequence, std::span<DumpRequest> requests,
          const std::function<void()>& restart, const std::function<void(const DiagAnswer&)>& take) {
  for (int attempt = 0; attempt < dump_attempts; ++attempt) {
    restart();
    auto result = DumpResult::complete;
    for (auto& request : requests) {
      request.header.nlmsg_seq = ++sequence;
      result = dump_once(netlink, request, take);
      if (result != DumpResult::complete) break;
    }
    if (result != DumpResult::interrupted) return result == DumpResult::complete;
    // The kernel may not have finished the abandoned dump, and refuses a second one on the same socket.
    netlink = open_diag_socket();
  }
  return false;
}

namespace {

Endpoint endpoint_at(const inet_diag_msg& socket, const __be32* address, __be16 port) {
  Endpoint endpoint;
  endpoint.ip.family = socket.idiag_family == AF_INET ? Family::ipv4 : Family::ipv6;
  endpoint.port = ntohs(port);
  const std::size_t length = endpoint.ip.family == Family::ipv4 ? 4 : 16;
  std::memcpy(endpoint.ip.bytes.data(), address, length);
  return endpoint;
}

}  // namespace

Endpoint local_endpoint(const inet_diag_msg& socket) {
  return endpoint_at(socket, socket.id.idiag_src, socket.id.idiag_sport);
}

Endpoint peer_endpoint(const inet_diag_msg& socket) {
  return endpoint_at(socket, socket.id.idiag_dst, socket.id.idiag_dport);
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
