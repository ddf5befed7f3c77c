// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.hpp"
#include "handles.hpp"

namespace portend::cli {

/// Returns a waiter with these options and no targets.
Waiter make_waiter(const ProbeOptions& options);

}  // namespace portend::cli
