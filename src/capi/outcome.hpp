// SPDX-License-Identifier: MIT
// From what a wait came to, to what a caller is told.
#pragma once

#include "portend/status.h"
#include "wait/waiter.hpp"

namespace portend::capi {

/// The status of an outcome; that of a failure with its message.
portend_status conclude(const wait::Waiter& waiter, wait::Outcome outcome);

/// The same for a single look that was to find nobody.
portend_status conclude_look(const wait::Waiter& waiter, wait::Outcome outcome);

}  // namespace portend::capi
