// SPDX-License-Identifier: MIT
#include "capi/reusable_waiter.hpp"

#include <new>
#include <utility>

#include "capi/guard.hpp"

namespace portend::capi {

namespace {

/// A waiter that had more targets or addresses gives its memory back.
constexpr std::size_t most_kept = 64;

}  // namespace

ReusableWaiter::ReusableWaiter() {
  if (auto* own = own_state()) waiter_ = std::move(own->spare_waiter);
  if (!waiter_) waiter_ = std::make_unique<wait::Waiter>();
}

ReusableWaiter::~ReusableWaiter() {
  const auto& table = waiter_->table();
  if (table.targets().size() > most_kept || table.candidates().size() > most_kept) return;
  waiter_->clear();
  try {
    thread_state().spare_waiter = std::move(waiter_);
  } catch (const std::bad_alloc&) {
    // A thread that cannot keep anything makes a new waiter for each call.
  }
}

}  // namespace portend::capi
