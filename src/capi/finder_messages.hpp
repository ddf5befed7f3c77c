// SPDX-License-Identifier: MIT
// Messages about finders and reservations.
#pragma once

#include <string>

#include "ports/reservation.hpp"
#include "ports/search_failure.hpp"

namespace portend::capi {

std::string explain(const ports::NoPort& failure);
std::string explain(const ports::NoAddress& failure);

/// Explains how a reservation keeps its port, for how long, and what a server must set.
std::string explain(const ports::Reservation& reservation);

}  // namespace portend::capi
