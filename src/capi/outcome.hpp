// SPDX-License-Identifier: MIT
// From the outcome of a wait to the status that a caller gets.
#pragma once

#include "portend/status.h"
#include "wait/waiter.hpp"

namespace portend::capi {

/// The status of an outcome; that of a failure with its message.
portend_status to_status(const wait::Waiter& waiter, wait::Outcome outcome);

/// The same for a single probe of each target.
portend_status to_probe_status(const wait::Waiter& waiter, wait::Outcome outcome);

/// The same for a single probe that was to find nothing.
portend_status to_assert_free_status(const wait::Waiter& waiter, wait::Outcome outcome);

}  // namespace portend::capi
