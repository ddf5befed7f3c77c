// SPDX-License-Identifier: MIT
#include "os/linux/proc_net.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <sstream>
#include <string>

#include "os/linux/text_file.hpp"
#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

template <class Number>
Number from_hex(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

/// "0100007F:1F90": each group of eight digits is four bytes of the address, read as a
/// number by this machine.
std::optional<Endpoint> endpoint_from(std::string_view text, Family family) {
  const std::size_t words = family == Family::ipv4 ? 1 : 4;
  if (text.size() != words * 8 + 5 || text[words * 8] != ':') return {};
  Endpoint endpoint{.ip = {.family = family}};
  for (std::size_t i = 0; i < words; ++i) {
    const auto word = from_hex<std::uint32_t>(text.substr(i * 8, 8));
    std::memcpy(endpoint.ip.bytes.data() + i * 4, &word, sizeof word);
  }
  endpoint.port = from_hex<std::uint16_t>(text.substr(words * 8 + 1));
  return endpoint;
}

bool read_table(const char* path, Family family, std::vector<TableEntry>& found) {
  const auto table = read_text(path);
  if (!table) return false;
  std::istringstream rows(*table);
  std::string line;
  std::getline(rows, line);  // the headings
  while (std::getline(rows, line)) {
    std::istringstream fields(line);
    std::array<std::string, 8> words;
    auto& [slot, local, remote, state, queues, timer, retransmits, timeout] = words;
    TableEntry entry;
    fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits;
    fields >> entry.user >> timeout >> entry.inode;
    const auto endpoint = endpoint_from(local, family);
    if (!fields || state != "0A" || !endpoint) continue;
    entry.local = *endpoint;
    // The file does not tell whether it refuses IPv4; by default it does not.
    entry.dual_stack = endpoint->ip == any6;
    found.push_back(entry);
  }
  return true;
}

}  // namespace

std::optional<std::vector<TableEntry>> listeners_from_proc() {
  std::vector<TableEntry> found;
  const bool v4 = read_table("/proc/net/tcp", Family::ipv4, found);
  const bool v6 = read_table("/proc/net/tcp6", Family::ipv6, found);
  if (!v4 && !v6 && (errno == EMFILE || errno == ENFILE)) throw_system_error("no table of sockets");
  if (!v4 && !v6) return {};
  return found;
}

}  // namespace portend::os
