// SPDX-License-Identifier: MIT
// Messages about waits.
#pragma once

#include "capi/message.hpp"
#include "wait/waiter.hpp"

namespace portend::capi {

/// Explains why a target is not in its wanted state; empty if it is.
Message explain(const wait::TargetTable& table, wait::TargetId target);

/// The message of a wait that failed: one line for each target that has not reached its state.
Message explain_failure(const wait::Wait& wait, wait::Outcome outcome);

/// One line for each occupied target, such as "Port 8080 is in use on 127.0.0.1. (nginx, pid 4711, listens on
/// 127.0.0.1)".
Message explain_in_use(const wait::TargetTable& table);

/// One line for each target whose state is unknown.
Message explain_unknown(const wait::TargetTable& table);

}  // namespace portend::capi
