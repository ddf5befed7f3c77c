// SPDX-License-Identifier: MIT
// All English about waits.
#pragma once

#include "capi/message.hpp"
#include "wait/waiter.hpp"

namespace portend::capi {

/// What is missing of a target and why; empty if it is in the state that is wanted.
Message explain(const wait::TargetTable& table, wait::TargetId target);

/// The message of a wait that ended without success: a line for each target that is missing.
Message explain_failure(const wait::Wait& wait, wait::Outcome outcome);

/// "Port 8080 is in use on 127.0.0.1. (nginx, pid 4711, listens on 127.0.0.1)": a line for each
/// target that is occupied.
Message explain_in_use(const wait::TargetTable& table);

/// A line for each target whose state is not known.
Message explain_unknown(const wait::TargetTable& table);

}  // namespace portend::capi
