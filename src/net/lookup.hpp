// SPDX-License-Identifier: MIT
// Looks names up in threads, so that a slow resolver does not block the caller.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "os/resolve.hpp"
#include "os/time.hpp"
#include "os/wakeup.hpp"

namespace portend::net {

/// One look-up in its own thread. A waiter that does not need the result any more drops this object. The
/// thread ends by itself when the resolver returns.
class Lookup {
 public:
  /// Starts a look-up, which raises `done` when it has finished. Empty if too many are under way in this
  /// process; the caller tries again later.
  static std::shared_ptr<Lookup> begin(std::string host, std::shared_ptr<os::Wakeup> done);

  [[nodiscard]] bool finished() const { return finished_.load(std::memory_order_acquire); }

  /// Valid after the look-up has finished.
  [[nodiscard]] const os::Resolution& result() const { return result_; }

 private:
  std::atomic<bool> finished_ = false;
  os::Resolution result_;
};

/// Looks a name up, and waits at most `limit`.
os::Resolution resolve_within(const std::string& host, os::Duration limit);

}  // namespace portend::net
