// SPDX-License-Identifier: MIT
// What a wait has come to, in sentences for people.
#pragma once

#include "capi/sentence.hpp"
#include "wait/waiter.hpp"

namespace portend::capi {

/// What is missing of a target and why; empty if it is in the state that is wanted.
Sentence explain(const wait::Waiter& waiter, wait::TargetId target);

/// The same for all targets that miss their state, a line each.
Sentence explain_all(const wait::Waiter& waiter);

/// That the hosts of targets have no address, a line each.
Sentence explain_unresolved(const wait::Waiter& waiter);

/// "Port 8080 is in use on 127.0.0.1. (held by nginx, pid 4711)": a line for each target that
/// is occupied.
Sentence explain_in_use(const wait::Waiter& waiter);

}  // namespace portend::capi
