// SPDX-License-Identifier: MIT
#pragma once

#include "capi/handle.hpp"
#include "portend/waiter.h"
#include "wait/waiter.hpp"

struct portend_waiter : portend::capi::Handle {
  portend::wait::Waiter engine;
  portend_interrupt_hook hook = nullptr;
  void* hook_context = nullptr;
};
