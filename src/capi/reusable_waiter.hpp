// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "wait/waiter.hpp"

namespace portend::capi {

/// The waiter of one call or one handle. Each thread keeps one for later, so that the next call reuses its
/// memory.
class ReusableWaiter {
 public:
  ReusableWaiter();
  ReusableWaiter(const ReusableWaiter&) = delete;
  ReusableWaiter& operator=(const ReusableWaiter&) = delete;
  ~ReusableWaiter();

  wait::Waiter& operator*() const { return *waiter_; }
  wait::Waiter* operator->() const { return waiter_.get(); }

 private:
  std::unique_ptr<wait::Waiter> waiter_;
};

}  // namespace portend::capi
