// SPDX-License-Identifier: MIT
// Converts the states and reasons of the engine to the public ones.
#pragma once

#include "portend/waiter.h"
#include "wait/state.hpp"

namespace portend::capi {

portend_state public_state(wait::State state);
portend_reason public_reason(wait::Reason reason);

}  // namespace portend::capi
