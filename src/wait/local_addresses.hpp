// SPDX-License-Identifier: MIT
// Whether addresses are of this machine.
#pragma once

#include <algorithm>
#include <vector>

#include "os/address.hpp"
#include "os/time.hpp"

namespace portend::wait {

/// Thousands of targets may have the same address, so the system is asked once in an iteration. The next
/// iteration asks again, since interfaces change.
class LocalAddresses {
 public:
  bool contain(const os::Ip& ip, os::Instant iteration) {
    constexpr std::size_t most_remembered = 16;
    if (iteration_ != iteration || answers_.size() == most_remembered) answers_.clear();
    iteration_ = iteration;
    const auto known = std::ranges::find(answers_, ip, &Answer::ip);
    if (known != answers_.end()) return known->is_local;
    return answers_.emplace_back(Answer{ip, os::is_local(ip)}).is_local;
  }

 private:
  struct Answer {
    os::Ip ip;
    bool is_local = false;
  };

  os::Instant iteration_{};
  std::vector<Answer> answers_;
};

}  // namespace portend::wait
