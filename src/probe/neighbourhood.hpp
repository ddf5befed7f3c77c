// SPDX-License-Identifier: MIT
// The kernel's table for one wait: opened when it is first needed, if at all.
#pragma once

#include <optional>

#include "probe/dialer.hpp"
#include "probe/table.hpp"

namespace portend::probe {

class Neighbourhood {
 public:
  /// nullptr where it cannot be asked.
  Table* table();

  /// Whether a listener of this machine that gives no answer has a full accept queue.
  bool is_full(const os::Endpoint& where);

 private:
  bool tried_ = false;
  std::optional<Table> table_;
};

}  // namespace portend::probe
