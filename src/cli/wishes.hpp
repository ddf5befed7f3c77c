// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "arguments.hpp"
#include "handles.hpp"

namespace portend::cli {

/// A finder with the wishes of `find` and `reserve`.
Finder make_finder(const FindOptions& options);

/// How many ports are asked for.
std::size_t count_of(const FindOptions& options);

}  // namespace portend::cli
