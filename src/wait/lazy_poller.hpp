// SPDX-License-Identifier: MIT
// The poller of an engine, created on first use. A wait that ends at once needs none.
#pragma once

#include <cstdint>
#include <optional>

#include "os/poller.hpp"

namespace portend::wait {

/// The tokens that the poller reports. Tokens of attempts are smaller than all of these.
namespace token {
inline constexpr os::Poller::Token first_special = os::Poller::Token{1} << 62;
inline constexpr os::Poller::Token wakeup = first_special + 0;
inline constexpr os::Poller::Token lookup = first_special + 1;
inline constexpr os::Poller::Token listener_closed = first_special + 2;
inline constexpr os::Poller::Token process = first_special + 3;
}  // namespace token

class LazyPoller {
 public:
  os::Poller& get() { return poller_ ? *poller_ : poller_.emplace(); }
  [[nodiscard]] bool is_made() const { return poller_.has_value(); }
  void forget(int fd) noexcept {
    if (poller_ && fd >= 0) poller_->forget(fd);
  }
  void reset() { poller_.reset(); }

 private:
  std::optional<os::Poller> poller_;
};

}  // namespace portend::wait
