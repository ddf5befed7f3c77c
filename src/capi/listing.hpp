// SPDX-License-Identifier: MIT
// The listeners of this machine, for what messages say beside their subject.
#pragma once

#include <span>
#include <vector>

#include "os/socket_table.hpp"
#include "os/time.hpp"

namespace portend::capi {

/// Of one thread. Without sock_diag a listing takes milliseconds: messages that follow each other share one
/// then, so that thousands of waits that end together are not late for it.
class Listing {
 public:
  /// Sorted by port; empty if the system does not tell.
  std::span<const os::TableEntry> by_port();

 private:
  std::vector<os::TableEntry> entries_;
  os::Instant good_until_ = os::Instant::min();
};

}  // namespace portend::capi
