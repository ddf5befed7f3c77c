// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "capi/handle.hpp"
#include "portend/waiter_options.h"
#include "wait/waiter.hpp"

struct portend_waiter : portend::capi::Handle {
  /// A call that resume() can continue.
  enum class Call : std::uint8_t { none, run, probe, assert_free };

  portend::wait::Waiter waiter;
  Call interrupted = Call::none;

  // Texts that were asked for. Guarded by the mutex of the handle.
  std::string explanation;
  std::set<std::string> addresses;
};

namespace portend::capi {

/// Whether the targets of the waiter are there, and want something.
void require_targets(const portend_waiter& waiter);

wait::Mode mode_argument(portend_mode mode);

/// The mode of a wait in an event loop: none if all targets are only watched.
std::optional<wait::Mode> loop_mode(const portend_waiter& waiter, portend_mode mode);

/// The status of an outcome; that of a failure with its message.
portend_status to_status(const wait::Waiter& waiter, wait::Outcome outcome);

}  // namespace portend::capi
