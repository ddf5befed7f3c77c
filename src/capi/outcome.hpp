// SPDX-License-Identifier: MIT
// Converts the outcome of a wait to a status.
#pragma once

#include "portend/status.h"
#include "wait/waiter.hpp"

namespace portend::capi {

/// Returns the status of an outcome. A failure also sets the message.
portend_status to_status(const wait::Waiter& waiter, wait::Outcome outcome);

/// The same for a single probe of each target.
portend_status to_probe_status(const wait::Waiter& waiter, wait::Outcome outcome);

/// The same for a single probe that must find nothing occupied.
portend_status to_assert_free_status(const wait::Waiter& waiter, wait::Outcome outcome);

}  // namespace portend::capi
