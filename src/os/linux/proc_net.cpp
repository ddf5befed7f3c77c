// SPDX-License-Identifier: MIT
#include "os/linux/proc_net.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>

#include "os/linux/tcp_states.hpp"
#include "os/linux/text_file.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

template <class Number>
std::optional<Number> parse(std::string_view text, int base) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// Removes the first word from `text`, and returns it.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

/// Parses "0100007F:1F90". Each group of eight digits is four bytes of the address, printed as a number in
/// the byte order of this machine.
std::optional<Endpoint> parse_endpoint(std::string_view text, Family family) {
  const std::size_t words = family == Family::ipv4 ? 1 : 4;
  if (text.size() != words * 8 + 5 || text[words * 8] != ':') return {};
  Endpoint endpoint{.ip = {.family = family}};
  for (std::size_t i = 0; i < words; ++i) {
    const auto word = parse<std::uint32_t>(text.substr(i * 8, 8), 16);
    if (!word) return {};
    std::memcpy(endpoint.ip.bytes.data() + i * 4, &*word, sizeof *word);
  }
  const auto port = parse<std::uint16_t>(text.substr(words * 8 + 1), 16);
  if (!port) return {};
  endpoint.port = *port;
  return endpoint;
}

/// Parses "03:0000176C": the kind of timer, and its remaining time in clock ticks.
std::chrono::milliseconds parse_timer(std::string_view text) {
  const auto ticks = parse<std::uint32_t>(text.substr(std::min(text.find(':') + 1, text.size())), 16);
  const auto ticks_per_second = std::max(sysconf(_SC_CLK_TCK), 1L);
  return std::chrono::milliseconds(std::int64_t{ticks.value_or(0)} * 1000 / ticks_per_second);
}

/// Parses a line of a table; nothing if the line does not have the form of proc(5).
std::optional<SocketEntry> parse_row(std::string_view line, Family family, Transport transport) {
  std::array<std::string_view, 10> words;
  for (auto& word : words) word = next_word(line);
  const auto& [slot, local, peer, state, queues, timer, retransmits, user, timeout, inode] = words;
  const auto own = parse_endpoint(local, family);
  const auto other = parse_endpoint(peer, family);
  const auto state_number = parse<int>(state, 16);
  const auto user_number = parse<std::uint32_t>(user, 10);
  const auto inode_number = parse<std::uint64_t>(inode, 10);
  if (!own || !other || !state_number || !user_number || !inode_number) return {};
  SocketEntry entry{.kind = kind_of(transport, *state_number, *inode_number), .local = *own, .peer = *other};
  // The file does not tell whether the socket refuses IPv4. By default a socket accepts it.
  entry.dual_stack = entry.kind != SocketKind::connected && own->ip == any6;
  entry.local.ip = unmapped(own->ip);
  entry.peer.ip = unmapped(other->ip);
  entry.user = *user_number;
  entry.inode = *inode_number;
  if (entry.kind == SocketKind::time_wait) entry.remaining = parse_timer(timer);
  return entry;
}

/// Reads a file of the calling thread, whose network namespace may differ from that of the process.
std::optional<std::string> read_net(const std::string& name) {
  auto text = read_text("/proc/thread-self/net/" + name);
  return text ? text : read_text("/proc/net/" + name);
}

bool read_table(const char* name, Family family, Transport transport, const SocketFilter& filter,
                std::vector<SocketEntry>& found) {
  const auto table = read_net(name);
  if (!table) return false;
  std::string_view rest = *table;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto entry = parse_row(line, family, transport);  // empty for the heading
    if (entry && passes(filter, *entry)) found.push_back(*entry);
  }
  return true;
}

bool read_tables(Transport transport, const SocketFilter& filter, std::vector<SocketEntry>& found) {
  const bool tcp = transport == Transport::tcp;
  const bool v4 = read_table(tcp ? "tcp" : "udp", Family::ipv4, transport, filter, found);
  const bool v6 = read_table(tcp ? "tcp6" : "udp6", Family::ipv6, transport, filter, found);
  if (!v4 && !v6 && (errno == EMFILE || errno == ENFILE)) throw_system_error("no socket table");
  return v4 || v6;
}

/// The file is read in parts. If sockets come and go between the parts, some are listed twice (measured: 5 of
/// 100 per read under churn). Rarely a socket is missing, which cannot be detected here.
void remove_duplicates(std::vector<SocketEntry>& entries) {
  const auto key_of = [](const SocketEntry& entry) {
    const auto& [local, peer] = std::tie(entry.local, entry.peer);
    return std::tuple(entry.inode, entry.kind, local.ip.bytes, local.port, peer.ip.bytes, peer.port);
  };
  // Most often the inode decides, without the tuples of all members.
  std::ranges::sort(entries, [&](const SocketEntry& left, const SocketEntry& right) {
    return left.inode != right.inode ? left.inode < right.inode : key_of(left) < key_of(right);
  });
  const auto same = [&](const SocketEntry& left, const SocketEntry& right) {
    return key_of(left) == key_of(right);
  };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

}  // namespace

std::optional<std::vector<SocketEntry>> sockets_from_proc(const SocketFilter& filter) {
  std::vector<SocketEntry> found;
  if (wanted_states(filter) != 0 && !read_tables(Transport::tcp, filter, found)) return {};
  if (filter.udp && !read_tables(Transport::udp, filter, found)) return {};
  remove_duplicates(found);
  return found;
}

std::optional<std::vector<TableEntry>> listeners_from_proc() {
  const auto sockets = sockets_from_proc({.listening = true});
  if (!sockets) return {};
  std::vector<TableEntry> found;
  found.reserve(sockets->size());
  for (const auto& socket : *sockets) {
    found.push_back(
        {.local = socket.local, .dual_stack = socket.dual_stack, .user = socket.user, .inode = socket.inode});
  }
  return found;
}

}  // namespace portend::os
