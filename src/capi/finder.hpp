// SPDX-License-Identifier: MIT
#pragma once

#include "capi/finder_messages.hpp"
#include "capi/handle.hpp"
#include "portend/find.h"
#include "ports/search_failure.hpp"
#include "ports/search_options.hpp"

struct portend_finder : portend::capi::Handle {
  portend::ports::SearchOptions options;
};

namespace portend::capi {

/// Returns the result of a search. Its exceptions become a StatusError.
template <class Search>
auto found(Search&& search) {
  try {
    return search();
  } catch (const ports::NoPort& failure) {
    throw StatusError(PORTEND_ERR_NO_PORT, explain(failure));
  } catch (const ports::NoAddress& failure) {
    throw StatusError(PORTEND_ERR_RESOLVE, explain(failure));
  }
}

}  // namespace portend::capi
