// SPDX-License-Identifier: MIT
// Ports as a benchmark needs them.
#pragma once

#include <cstdint>
#include <vector>

/// As many descriptors as the system allows.
void raise_descriptor_limit();

/// A socket that ends with its scope.
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

/// Bound to 127.0.0.1 and not listening: refused, and not in use by others. Any port for 0; where the
/// port is taken it holds nothing.
Held hold(std::uint16_t port = 0);

/// The same on [::], for both families.
Held hold_everywhere(std::uint16_t port);

std::vector<Held> listeners(std::size_t count);
