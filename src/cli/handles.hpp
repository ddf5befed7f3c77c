// SPDX-License-Identifier: MIT
// Handles of the library with ownership.
#pragma once

#include <memory>

#include <portend/portend.h>

namespace portend::cli {

template <auto Destroy>
struct Destroyer {
  void operator()(auto* handle) const { Destroy(handle); }
};

using Waiter = std::unique_ptr<portend_waiter, Destroyer<portend_waiter_destroy>>;
using Finder = std::unique_ptr<portend_finder, Destroyer<portend_finder_destroy>>;
using Reservation = std::unique_ptr<portend_reservation, Destroyer<portend_reservation_destroy>>;
using Sockets = std::unique_ptr<portend_sockets, Destroyer<portend_sockets_destroy>>;

}  // namespace portend::cli
