// SPDX-License-Identifier: MIT
#include "ports/port_sequence.hpp"

#include <atomic>

#include "os/port_range.hpp"
#include "os/process.hpp"

namespace portend::ports {

namespace {

/// The process ID, and its number of steps. One atomic word, because a fork could leave a lock locked.
std::atomic<std::uint64_t> walk = 0;

/// Distinguishes PID namespaces, since process IDs are unique only within one.
std::uint32_t pid_namespace_salt() {
  static std::atomic<std::uint64_t> known = 0;
  auto space = known.load();
  if (space == 0) known.store(space = os::pid_namespace() | 1);
  constexpr std::uint64_t mixer = 0xff51afd7ed558ccd;
  return static_cast<std::uint32_t>(space * mixer >> 32);
}

/// Multiples of the golden ratio are as far apart as multiples can be (Knuth, The Art of Computer
/// Programming, section 6.4). So processes with successive IDs start far apart.
std::uint32_t start_of_process(std::uint32_t pid) {
  constexpr std::uint32_t golden_section = 0x9e3779b9;
  return pid * golden_section + pid_namespace_salt();
}

}  // namespace

Cursor next_cursor() {
  const auto pid = static_cast<std::uint32_t>(os::own_pid());
  auto before = walk.load();
  for (;;) {
    const auto count = before >> 32 == pid ? static_cast<std::uint32_t>(before) : 0;
    if (walk.compare_exchange_weak(before, std::uint64_t{pid} << 32 | (count + 1))) {
      return {start_of_process(pid), count};
    }
  }
}

/// FNV-1a with 64 bits, and one more multiplication to mix the upper half.
std::uint32_t start_of(std::string_view name) {
  constexpr std::uint64_t prime = 0x100000001b3;
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : name) hash = (hash ^ static_cast<std::uint8_t>(byte)) * prime;
  constexpr std::uint64_t mixer = 0xff51afd7ed558ccd;
  hash = (hash ^ hash >> 33) * mixer;
  return static_cast<std::uint32_t>(hash >> 32);
}

std::uint16_t port_at(Cursor step, Range range, std::uint32_t stride) {
  const std::uint32_t count = (range.size() + stride - 1) / stride;
  const auto first = static_cast<std::uint32_t>(std::uint64_t{step.start} * count >> 32);
  const auto index = static_cast<std::uint32_t>((std::uint64_t{first} + step.count) % count);
  return static_cast<std::uint16_t>(range.first + index * stride);
}

}  // namespace portend::ports
