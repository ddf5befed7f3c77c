// SPDX-License-Identifier: MIT
#include "wait/wait.hpp"

namespace portend::wait {

void Wait::begin(std::optional<Mode> until, std::int64_t timeout_ms, os::Instant now) {
  mode = until;
  once = timeout_ms == 0;
  attempt_limit = settings.attempt_limit;
  began = now;
  deadline = once ? os::never
                  : os::deadline(
                        now, timeout_ms);  // a single probe is bounded by the limits of look-ups and attempts
  outcome = Outcome::pending;
  failure = nullptr;
  process_ended = false;
  unsupported.reset();
  process.reset();
  if (settings.process != 0) process.emplace(settings.process);
  table.begin(now);
  connects.clear();
  connects.reserve(table.targets().size());
  connects_planned = 0;
  connects_open = 0;
  touched = false;
  announced = false;
}

void Wait::forget_end() {
  began = {};
  outcome = Outcome::pending;
  canceled.store(false);
}

}  // namespace portend::wait
