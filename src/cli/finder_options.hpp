// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.hpp"
#include "handles.hpp"

namespace portend::cli {

/// A finder with the options of `find` and `reserve`.
Finder make_finder(const FindOptions& options);

}  // namespace portend::cli
