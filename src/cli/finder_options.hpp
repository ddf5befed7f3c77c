// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.hpp"
#include "handles.hpp"

namespace portend::cli {

/// Returns a finder with the options of `find` or `reserve`.
Finder make_finder(const FindOptions& options);

/// The number of requested ports.
std::size_t port_count(const FindOptions& options);

/// Makes that number of reservations.
std::vector<Reservation> make_reservations(const FindOptions& options);

}  // namespace portend::cli
