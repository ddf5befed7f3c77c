// SPDX-License-Identifier: MIT
#include "bare_table.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "bare.hpp"

namespace bare {

namespace {

constexpr std::size_t batch = 64;
constexpr std::size_t answer_room = 256;
constexpr std::size_t list_room = 32768;

Question question(int family, std::uint16_t flags, std::uint32_t states = 1U << state_listen) {
  Question result{};
  result.header.nlmsg_len = sizeof result;
  result.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  result.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  result.body.sdiag_family = static_cast<std::uint8_t>(family);
  result.body.sdiag_protocol = IPPROTO_TCP;
  result.body.idiag_states = states;
  return result;
}

/// A set of ports: those of listeners that a connection to 127.0.0.1 reaches.
using Ports = std::vector<bool>;

bool meets_loopback(const inet_diag_msg& listener) {
  const auto* address = listener.id.idiag_src;
  if (listener.idiag_family == AF_INET) return address[0] == htonl(INADDR_LOOPBACK) || address[0] == 0;
  return std::all_of(address, address + 4, [](auto word) { return word == 0; });
}

/// Records the listeners in one datagram of a list. False after the last one.
bool note_listeners(const std::byte* datagram, ssize_t size, Ports& ports) {
  const auto end = static_cast<std::size_t>(size);
  for (std::size_t at = 0; at < end;) {
    const auto* message = reinterpret_cast<const nlmsghdr*>(datagram + at);
    at += NLMSG_ALIGN(message->nlmsg_len);
    if (message->nlmsg_type == NLMSG_DONE) return false;
    const auto& listener = *static_cast<const inet_diag_msg*>(NLMSG_DATA(message));
    if (meets_loopback(listener)) ports[ntohs(listener.id.idiag_sport)] = true;
  }
  return true;
}

/// Counts the sockets in one datagram of a list. False after the last one.
bool count_sockets(const std::byte* datagram, ssize_t size, std::size_t& count) {
  const auto end = static_cast<std::size_t>(size);
  for (std::size_t at = 0; at < end;) {
    const auto* message = reinterpret_cast<const nlmsghdr*>(datagram + at);
    at += NLMSG_ALIGN(message->nlmsg_len);
    if (message->nlmsg_type == NLMSG_DONE) return false;
    ++count;
  }
  return true;
}

void list_listeners(int table, int family, Ports& ports) {
  const auto all = question_about_all(family);
  send(table, &all, sizeof all, 0);
  alignas(nlmsghdr) std::array<std::byte, list_room> room;
  while (note_listeners(room.data(), recv(table, room.data(), room.size(), 0), ports)) {
  }
}

/// Reads one answer per request; sequence numbers distinguish them.
void take_answers(int table, std::size_t count, std::vector<bool>& found) {
  alignas(nlmsghdr) std::array<std::array<std::byte, answer_room>, batch> rooms;
  std::array<iovec, batch> places;
  std::array<mmsghdr, batch> headers{};
  for (std::size_t i = 0; i < count; ++i) {
    places[i] = {.iov_base = rooms[i].data(), .iov_len = answer_room};
    headers[i].msg_hdr.msg_iov = &places[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  for (std::size_t taken = 0; taken < count;) {
    const int came = recvmmsg(table, headers.data(), static_cast<unsigned>(count - taken), 0, nullptr);
    for (int i = 0; i < came; ++i) {
      const auto& answer = *reinterpret_cast<const nlmsghdr*>(rooms[static_cast<std::size_t>(i)].data());
      found[answer.nlmsg_seq] = names_listener(answer);
    }
    taken += static_cast<std::size_t>(came);
  }
}

}  // namespace

int open_table() { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG); }

Question question_about(const sockaddr_in& target, std::uint32_t sequence) {
  auto result = question(AF_INET, 0);
  result.header.nlmsg_seq = sequence;
  auto& id = result.body.id;
  id.idiag_sport = target.sin_port;
  id.idiag_src[0] = target.sin_addr.s_addr;
  id.idiag_if = 1;  // lo
  id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return result;
}

Question question_about_all(int family) { return question(family, NLM_F_DUMP); }

bool names_listener(const nlmsghdr& answer) {
  return answer.nlmsg_type == SOCK_DIAG_BY_FAMILY &&
         static_cast<const inet_diag_msg*>(NLMSG_DATA(&answer))->idiag_state == state_listen;
}

bool is_listening(std::uint16_t port) {
  const int table = open_table();
  const auto asked = question_about(loopback(port), 0);
  send(table, &asked, sizeof asked, 0);
  alignas(nlmsghdr) std::array<std::byte, answer_room> room;
  recv(table, room.data(), room.size(), 0);
  close(table);
  return names_listener(*reinterpret_cast<const nlmsghdr*>(room.data()));
}

std::vector<bool> look_by_questions(std::span<const sockaddr_in> targets) {
  std::vector<bool> found(targets.size());
  std::array<Question, batch> questions;
  const int table = open_table();
  for (std::size_t done = 0; done < targets.size(); done += batch) {
    const auto count = std::min(batch, targets.size() - done);
    for (std::size_t i = 0; i < count; ++i) {
      questions[i] = question_about(targets[done + i], static_cast<std::uint32_t>(done + i));
    }
    send(table, questions.data(), count * sizeof(Question), 0);
    take_answers(table, count, found);
  }
  close(table);
  return found;
}

std::size_t count_by_list() {
  constexpr std::uint32_t any_state = 0x3fff;
  std::size_t count = 0;
  const int table = open_table();
  for (const int family : {AF_INET, AF_INET6}) {
    const auto all = question(family, NLM_F_DUMP, any_state);
    send(table, &all, sizeof all, 0);
    alignas(nlmsghdr) std::array<std::byte, list_room> room;
    while (count_sockets(room.data(), recv(table, room.data(), room.size(), 0), count)) {
    }
  }
  close(table);
  return count;
}

std::vector<bool> look_by_list(std::span<const sockaddr_in> targets) {
  Ports ports(65536);
  const int table = open_table();
  list_listeners(table, AF_INET, ports);
  list_listeners(table, AF_INET6, ports);
  close(table);
  std::vector<bool> found;
  found.reserve(targets.size());
  for (const auto& target : targets) found.push_back(ports[ntohs(target.sin_port)]);
  return found;
}

}  // namespace bare
