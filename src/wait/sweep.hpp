// SPDX-License-Identifier: MIT
// The places of this machine, looked at in the kernel's table. The table never decides: it
// says when a connection will tell something new. Only where a server is waited for to leave,
// its being there is believed without disturbing it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "os/socket_table.hpp"
#include "os/time.hpp"
#include "probe/neighbourhood.hpp"
#include "wait/board.hpp"
#include "wait/dialling.hpp"
#include "wait/pace.hpp"
#include "wait/sleeper.hpp"

namespace portend::wait {

class Sweep {
 public:
  Sweep(Board& board, Dialling& dialling, probe::Neighbourhood& neighbourhood, Sleeper& sleeper,
        const Settings& settings);

  /// `once`: each place is looked at once.
  void begin(bool once) { once_ = once; }
  void end();

  /// A place of this machine has come: it is looked at, first in the way that its goal asks
  /// for.
  void welcome(PlaceId place, os::Instant now);

  /// Looks, if it is time.
  void run(os::Instant now);

  /// Looks, whatever the time.
  void look(os::Instant now);

  /// The kernel gives notice that listeners are gone.
  void departed(os::Instant now);

  [[nodiscard]] os::Instant next() const { return next_; }

 private:
  void collect(const std::vector<std::uint16_t>* ports);
  void look_at_collected(os::Instant now);
  void learn(PlaceId place, os::Listening says, os::Instant now);
  void plan_next(os::Instant now, os::Duration cost);
  bool ask_for_departures();

  Board& board_;
  Dialling& dialling_;
  probe::Neighbourhood& neighbourhood_;
  Sleeper& sleeper_;
  Pace pace_;
  os::Instant next_ = os::never;
  os::Duration cost_{0};  // of the last looks at many
  std::optional<os::Departures> departures_;
  bool asked_for_departures_ = false;
  bool once_ = false;

  // Kept from look to look, for their memory.
  std::vector<PlaceId> places_;
  std::vector<os::Endpoint> endpoints_;
  std::vector<os::Listening> found_;
};

}  // namespace portend::wait
