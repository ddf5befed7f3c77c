// SPDX-License-Identifier: MIT
// The inner words for states and reasons as the public ones.
#pragma once

#include "portend/waiter.h"
#include "wait/board.hpp"

namespace portend::capi {

portend_state public_state(wait::State state);
portend_reason public_reason(wait::Reason reason);

}  // namespace portend::capi
