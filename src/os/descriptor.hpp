// SPDX-License-Identifier: MIT
// Owns one file descriptor.
#pragma once

#include <utility>

namespace portend::os {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  /// Returns the descriptor without closing it; the caller owns it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  /// Closes the descriptor that is owned, keeping errno, and takes ownership of `fd`.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

/// Duplicates a descriptor for programs to inherit that this process executes. Takes the highest free number
/// below both the soft limit and 1024, to stay clear of numbers that a caller chose.
int duplicate_at_top(const Descriptor& descriptor);

}  // namespace portend::os
