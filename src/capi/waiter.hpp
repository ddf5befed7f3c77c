// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "capi/handle.hpp"
#include "capi/reusable_waiter.hpp"
#include "portend/waiter_options.h"

struct portend_waiter : portend::capi::Handle {
  /// The call that resume() continues.
  enum class Call : std::uint8_t { none, run, probe, assert_free };

  portend::capi::ReusableWaiter own;
  portend::wait::Waiter& waiter = *own;
  Call interrupted = Call::none;

  // Texts returned to the caller. Guarded by the mutex of the handle.
  std::string explanation;
  std::set<std::string> addresses;
};

namespace portend::capi {

/// Throws unless the waiter has targets, and one of them has a wanted state.
void require_targets(const portend_waiter& waiter);

wait::Mode mode_argument(portend_mode mode);

/// The mode of a wait in an event loop; empty if all targets are only watched.
std::optional<wait::Mode> loop_mode(const portend_waiter& waiter, portend_mode mode);

}  // namespace portend::capi
