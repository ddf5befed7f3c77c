// SPDX-License-Identifier: MIT
#include "ports/returned_ports.hpp"

#include <array>
#include <atomic>
#include <bit>

#include "os/process.hpp"

namespace portend::ports {

namespace {

constexpr std::uint32_t all_numbers = 65536;

/// A set of ports without a lock, which a fork could leave locked.
class PortSet {
 public:
  void insert(std::uint16_t port) noexcept {
    was_used_ = true;
    word(port).fetch_or(bit(port));
  }

  /// False in most processes, which have no port server, so that they need not search a thousand words.
  [[nodiscard]] bool was_used() const noexcept { return was_used_; }

  /// False if the port was not in the set.
  bool erase(std::uint16_t port) noexcept { return (word(port).fetch_and(~bit(port)) & bit(port)) != 0; }

  void clear() noexcept {
    for (auto& word : words_) word.store(0);
  }

  /// Erases the first port from a number on.
  std::optional<std::uint16_t> take(std::uint32_t from) noexcept {
    while (from < all_numbers) {
      const auto left = words_[from / 64].load() >> (from % 64);
      if (left == 0) {
        from = (from / 64 + 1) * 64;
        continue;
      }
      from += static_cast<std::uint32_t>(std::countr_zero(left));
      if (erase(static_cast<std::uint16_t>(from))) return static_cast<std::uint16_t>(from);
    }
    return {};
  }

 private:
  static constexpr std::uint64_t bit(std::uint16_t port) { return std::uint64_t{1} << (port % 64); }
  std::atomic<std::uint64_t>& word(std::uint16_t port) { return words_[port / 64]; }

  std::atomic<bool> was_used_ = false;
  std::array<std::atomic<std::uint64_t>, all_numbers / 64> words_{};
};

PortSet served;
PortSet returned;
std::atomic<std::int64_t> owner_of_sets = 0;

/// The ports of a parent are not those of its child.
void forget_parent() noexcept {
  const auto pid = os::own_pid();
  const auto owner = owner_of_sets.exchange(pid);
  if (owner == pid || owner == 0) return;
  served.clear();
  returned.clear();
}

}  // namespace

void remember_served(std::uint16_t port) noexcept {
  forget_parent();
  served.insert(port);
}

void put_back(std::uint16_t port) noexcept {
  forget_parent();
  if (served.erase(port)) returned.insert(port);
}

std::optional<std::uint16_t> take_returned(std::uint32_t from) noexcept {
  if (!returned.was_used()) return {};
  forget_parent();
  return returned.take(from);
}

}  // namespace portend::ports
