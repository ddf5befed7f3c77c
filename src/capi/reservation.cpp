// SPDX-License-Identifier: MIT
#include "portend/reservation.h"

#include "capi/arguments.hpp"
#include "capi/finder.hpp"
#include "capi/guard.hpp"
#include "ports/reservation.hpp"

using namespace portend;

struct portend_reservation {
  explicit portend_reservation(const ports::SearchOptions& options) : held(options) {}

  ports::Reservation held;
  std::string explanation;  // that was asked for
};

namespace {

portend_status reserve(const ports::SearchOptions& options, portend_reservation** reservation_out) {
  capi::require(reservation_out, "The out-parameter for the reservation");
  *reservation_out = capi::found([&] { return new portend_reservation(options); });
  return PORTEND_OK;
}

ports::Reservation& held_by(portend_reservation* reservation) {
  capi::require(reservation, "The reservation");
  if (reservation->held.parked())
    throw std::invalid_argument("The reservation was parked: it holds nothing any more.");
  return reservation->held;
}

}  // namespace

portend_status portend_reservation_create(portend_finder* finder,
                                          portend_reservation** reservation_out) noexcept {
  if (finder == nullptr) return capi::guard([&] { return reserve({}, reservation_out); });
  return capi::with_handle(finder,
                           [&](portend_finder& self) { return reserve(self.options, reservation_out); });
}

void portend_reservation_destroy(portend_reservation* reservation) noexcept {
  const os::CancelShield shield;
  delete reservation;
}

int portend_reservation_port(portend_reservation* reservation) noexcept {
  return reservation == nullptr ? 0 : reservation->held.port();
}

int portend_reservation_fd_count(portend_reservation* reservation) noexcept {
  return reservation == nullptr ? 0 : static_cast<int>(reservation->held.sockets().size());
}

int portend_reservation_fd(portend_reservation* reservation, int index) noexcept {
  if (index < 0 || index >= portend_reservation_fd_count(reservation)) return -1;
  return reservation->held.sockets()[static_cast<std::size_t>(index)].get();
}

portend_status portend_reservation_listen(portend_reservation* reservation, int backlog) noexcept {
  return capi::guard([&] {
    auto& held = held_by(reservation);
    held.listen(static_cast<int>(capi::in_range(backlog, 1, INT32_MAX, "A backlog")));
    return PORTEND_OK;
  });
}

portend_status portend_reservation_park(portend_reservation* reservation, int* seconds_out) noexcept {
  return capi::guard([&]() -> portend_status {
    auto& held = held_by(reservation);
    if (held.listens()) {
      throw std::invalid_argument("The reservation listens: connections may be queued already.");
    }
    const auto length = held.park();
    if (!length) {
      return capi::fail(PORTEND_ERR_UNSUPPORTED,
                        "Port " + std::to_string(held.port()) +
                            " cannot be parked: this machine cannot connect to itself.");
    }
    if (seconds_out != nullptr) *seconds_out = static_cast<int>(length->count());
    return PORTEND_OK;
  });
}

const char* portend_reservation_explain(portend_reservation* reservation) noexcept {
  return capi::ask("", [&] {
    if (reservation == nullptr) return "";
    reservation->explanation = reservation->held.explain();
    return reservation->explanation.c_str();
  });
}
