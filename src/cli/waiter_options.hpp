// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.hpp"
#include "handles.hpp"

namespace portend::cli {

/// A waiter that looks as the options say, without targets yet.
Waiter make_waiter(const ProbeOptions& options);

}  // namespace portend::cli
