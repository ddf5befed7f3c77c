// SPDX-License-Identifier: MIT
// Ports for benchmarks.
#pragma once

#include <cstdint>
#include <vector>

/// Allows as many descriptors as the system permits.
void raise_descriptor_limit();

/// A socket that is closed at the end of its scope.
class Held {
 public:
  explicit Held(int fd) : fd_(fd) {}
  ~Held();
  Held(Held&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  Held& operator=(Held&&) = delete;

  [[nodiscard]] bool holds() const { return fd_ >= 0; }
  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] std::uint16_t port() const;
  void listen() const;

 private:
  int fd_;
};

/// Binds a port of 127.0.0.1 without listening: it is refused, and not used by others. 0 stands for any port.
/// If the port is taken, the result is empty.
Held hold(std::uint16_t port = 0);

/// The same on [::], for both families.
Held hold_everywhere(std::uint16_t port);

std::vector<Held> listeners(std::size_t count);
