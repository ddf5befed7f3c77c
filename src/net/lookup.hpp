// SPDX-License-Identifier: MIT
// Looking a name up without being held up by it.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "os/resolve.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"

namespace portend::net {

/// One look-up, in a thread of its own. A waiter that does not need it any more drops it: the
/// thread then ends by itself, whenever the resolver lets go of it.
class Lookup {
 public:
  /// Raises `done` when it has finished. Empty while too many are under way in this process:
  /// to be tried again a little later.
  static std::shared_ptr<Lookup> begin(std::string host, std::shared_ptr<os::Wakeup> done);

  [[nodiscard]] bool finished() const { return finished_.load(std::memory_order_acquire); }

  /// To be asked once finished.
  [[nodiscard]] const os::Resolution& result() const { return result_; }

 private:
  std::atomic<bool> finished_ = false;
  os::Resolution result_;
};

/// Looks a name up, for so long at most.
os::Resolution resolve_within(const std::string& host, os::Duration limit);

}  // namespace portend::net
