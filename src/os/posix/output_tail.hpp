// SPDX-License-Identifier: MIT
// The last part of an output, in memory that two processes share: one appends to it while the other one
// reads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace portend::os {

class OutputTail {
 public:
  static constexpr std::size_t longest_text = 8192;

  /// Takes no lock and allocates no memory.
  void append(const char* data, std::size_t size) noexcept;

  /// Returns the last bytes, consecutive ones. They are fewer only if they are overwritten faster than they
  /// can be read.
  [[nodiscard]] std::string text() const;

 private:
  /// Longer than the text, so that a writer seldom overwrites what is being read.
  static constexpr std::size_t room = 8 * longest_text;

  [[nodiscard]] std::string copy(std::uint64_t begin, std::size_t size) const;

  std::atomic<std::uint64_t> begun_ = 0;            // how many bytes were written or are being written
  std::atomic<std::uint64_t> written_ = 0;          // how many bytes were written
  std::array<std::atomic<char>, room> bytes_ = {};  // byte N of the output is at index N % room
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<char>::is_always_lock_free);

}  // namespace portend::os
