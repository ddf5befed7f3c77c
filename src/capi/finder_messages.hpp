// SPDX-License-Identifier: MIT
// What finders and reservations have come to, as messages for people.
#pragma once

#include <string>

#include "ports/reservation.hpp"
#include "ports/search_failure.hpp"

namespace portend::capi {

std::string explain(const ports::NoPort& failure);
std::string explain(const ports::NoAddress& failure);

/// How a reservation keeps its port, for how long, and what a server has to set.
std::string explain(const ports::Reservation& reservation);

}  // namespace portend::capi
