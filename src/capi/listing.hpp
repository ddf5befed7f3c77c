// SPDX-License-Identifier: MIT
// Lists the listeners of this machine for the hints in messages.
#pragma once

#include <span>
#include <vector>

#include "os/socket_table.hpp"
#include "os/time.hpp"

namespace portend::capi {

/// Belongs to one thread. Without sock_diag a listing takes milliseconds, so that messages in short
/// succession share one. Otherwise thousands of waits that end together would be late.
class Listing {
 public:
  /// Returns the listeners sorted by port; none if the system has no list.
  std::span<const os::TableEntry> by_port();

 private:
  std::vector<os::TableEntry> entries_;
  os::Instant good_until_ = os::Instant::min();
};

}  // namespace portend::capi
