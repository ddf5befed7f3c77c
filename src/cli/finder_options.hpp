// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.hpp"
#include "handles.hpp"

namespace portend::cli {

/// A finder with the options of `find` and `reserve`.
Finder make_finder(const FindOptions& options);

/// How many ports are asked for.
std::size_t port_count(const FindOptions& options);

/// As many reservations.
std::vector<Reservation> make_reservations(const FindOptions& options);

}  // namespace portend::cli
