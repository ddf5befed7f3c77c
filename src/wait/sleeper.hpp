// SPDX-License-Identifier: MIT
// What a wait sleeps on. A wait that is over at once never makes one.
#pragma once

#include <cstdint>
#include <optional>

#include "os/poller.hpp"

namespace portend::wait {

/// Who is meant by what the poller says. An attempt to connect has a number below all these.
namespace token {
inline constexpr os::Poller::Token first_special = os::Poller::Token{1} << 62;
inline constexpr os::Poller::Token canceled = first_special + 0;
inline constexpr os::Poller::Token names = first_special + 1;
inline constexpr os::Poller::Token departures = first_special + 2;
inline constexpr os::Poller::Token process = first_special + 3;
}  // namespace token

class Sleeper {
 public:
  os::Poller& poller() { return poller_ ? *poller_ : poller_.emplace(); }
  [[nodiscard]] bool is_made() const { return poller_.has_value(); }
  void end() { poller_.reset(); }

 private:
  std::optional<os::Poller> poller_;
};

}  // namespace portend::wait
