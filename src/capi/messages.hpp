// SPDX-License-Identifier: MIT
// What a wait has come to, in messages for people.
#pragma once

#include "capi/message.hpp"
#include "wait/waiter.hpp"

namespace portend::capi {

/// What is missing of a target and why; empty if it is in the state that is wanted.
Message explain(const wait::Waiter& waiter, wait::TargetId target);

/// The same for all targets that miss their state, a line each.
Message explain_all(const wait::Waiter& waiter);

/// That the hosts of targets have no address, a line each.
Message explain_unresolved(const wait::Waiter& waiter);

/// "Port 8080 is in use on 127.0.0.1. (held by nginx, pid 4711)": a line for each target that
/// is occupied.
Message explain_in_use(const wait::Waiter& waiter);

}  // namespace portend::capi
