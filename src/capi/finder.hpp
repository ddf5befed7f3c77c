// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <system_error>

#include "capi/finder_messages.hpp"
#include "capi/handle.hpp"
#include "portend/find.h"
#include "ports/search_failure.hpp"
#include "ports/search_options.hpp"

struct portend_finder : portend::capi::Handle {
  portend::ports::SearchOptions options;
  std::atomic<int> error_number = 0;
};

namespace portend::capi {

/// What a search found; what it did not becomes a Failure.
template <class Search>
auto found(Search&& search) {
  try {
    return search();
  } catch (const ports::NoPort& failure) {
    throw Failure(PORTEND_ERR_NO_PORT, explain(failure));
  } catch (const ports::NoAddress& failure) {
    throw Failure(PORTEND_ERR_RESOLVE, explain(failure));
  }
}

/// Runs the body of a function of a finder, and keeps the errno of what the system refused.
template <class Body>
portend_status with_finder(portend_finder* finder, Body&& body) noexcept {
  return with_handle(finder, [&](portend_finder& self) -> portend_status {
    self.error_number = 0;
    try {
      return body(self);
    } catch (const std::system_error& refusal) {
      self.error_number = refusal.code().value();
      throw;
    }
  });
}

}  // namespace portend::capi
