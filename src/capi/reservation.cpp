// SPDX-License-Identifier: MIT
#include "portend/reservation.h"

#include <memory>
#include <vector>

#include "capi/arguments.hpp"
#include "capi/finder.hpp"
#include "capi/guard.hpp"
#include "ports/reservation.hpp"
#include "ports/search.hpp"

using namespace portend;

struct portend_reservation {
  explicit portend_reservation(ports::Reservation reservation) : held(std::move(reservation)) {}

  ports::Reservation held;
  std::string explanation;  // returned to the caller
};

namespace {

constexpr std::int64_t most_reservations = 65535;

portend_status reserve(const ports::SearchOptions& options, portend_reservation** reservations_out,
                       std::size_t count) {
  auto found = capi::found([&] { return ports::Reservation::create(options, count); });
  std::vector<std::unique_ptr<portend_reservation>> made;
  made.reserve(count);
  for (auto& reservation : found)
    made.push_back(std::make_unique<portend_reservation>(std::move(reservation)));
  for (std::size_t i = 0; i < count; ++i) reservations_out[i] = made[i].release();
  return PORTEND_OK;
}

ports::Reservation& held_by(portend_reservation* reservation) {
  capi::require(reservation, "The reservation");
  if (reservation->held.parked())
    throw std::invalid_argument("The reservation was parked: it has no socket any more.");
  return reservation->held;
}

}  // namespace

portend_status portend_reservation_create(portend_finder* finder,
                                          portend_reservation** reservation_out) noexcept {
  return portend_reservation_create_many(finder, reservation_out, 1);
}

portend_status portend_reservation_create_many(portend_finder* finder, portend_reservation** reservations_out,
                                               size_t count) noexcept {
  const auto create = [&](const ports::SearchOptions& options) {
    capi::require(reservations_out, "The pointer to the reservation");
    capi::in_range(static_cast<std::int64_t>(std::min<size_t>(count, INT32_MAX)), 1, most_reservations,
                   "A number of reservations");
    return reserve(options, reservations_out, count);
  };
  if (finder == nullptr) return capi::guard([&] { return create({}); });
  return capi::with_handle(finder, [&](portend_finder& self) { return create(self.options); });
}

void portend_reservation_destroy(portend_reservation* reservation) noexcept {
  const os::CancelShield shield;
  delete reservation;
}

int portend_reservation_port(portend_reservation* reservation) noexcept {
  return reservation == nullptr ? 0 : reservation->held.port();
}

int portend_reservation_fd_count(portend_reservation* reservation) noexcept {
  return reservation == nullptr ? 0 : static_cast<int>(reservation->held.socket_count());
}

int portend_reservation_fd(portend_reservation* reservation, int index) noexcept {
  if (index < 0 || index >= portend_reservation_fd_count(reservation)) return -1;
  return capi::ask(-1, [&] { return reservation->held.socket(static_cast<std::size_t>(index)).get(); });
}

portend_status portend_reservation_listen(portend_reservation* reservation, int backlog) noexcept {
  return capi::guard([&] {
    auto& held = held_by(reservation);
    held.listen(static_cast<int>(capi::in_range(backlog, 1, INT32_MAX, "A backlog")));
    return PORTEND_OK;
  });
}

portend_status portend_reservation_inherit(portend_reservation* reservation) noexcept {
  return capi::guard([&] {
    const auto& held = held_by(reservation);
    if (held.listens()) {
      throw std::invalid_argument("The reservation listens: hand its descriptors over instead.");
    }
    held.inherit();
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
    reservation->explanation = capi::explain(reservation->held);
    return reservation->explanation.c_str();
  });
}

portend_status portend_return_port(int port) noexcept {
  return capi::guard([&] {
    ports::return_port(capi::port_argument(port));
    return PORTEND_OK;
  });
}
