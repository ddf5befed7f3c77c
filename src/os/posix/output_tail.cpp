// SPDX-License-Identifier: MIT
#include "os/posix/output_tail.hpp"

#include <algorithm>

namespace portend::os {

void OutputTail::append(const char* data, std::size_t size) noexcept {
  auto at = written_.load(std::memory_order_relaxed);
  begun_.store(at + size, std::memory_order_relaxed);
  // By release and acquire: a reader of one of these bytes also sees that writing has begun.
  for (std::size_t i = 0; i < size; ++i, ++at) bytes_[at % room].store(data[i], std::memory_order_release);
  written_.store(at, std::memory_order_release);
}

std::string OutputTail::copy(std::uint64_t begin, std::size_t size) const {
  std::string result(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    result[i] = bytes_[(begin + i) % room].load(std::memory_order_acquire);
  return result;
}

std::string OutputTail::text() const {
  constexpr int attempts = 16;
  for (int attempt = 1;; ++attempt) {
    const auto end = written_.load(std::memory_order_acquire);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end, longest_text));
    const auto begin = end - size;
    auto result = copy(begin, size);
    const auto begun = begun_.load(std::memory_order_relaxed);
    // Bytes before this may have been replaced.
    const auto intact = begun - std::min<std::uint64_t>(begun, room);
    if (intact <= begin) return result;
    if (attempt == attempts) return result.erase(0, static_cast<std::size_t>(std::min(intact, end) - begin));
  }
}

}  // namespace portend::os
