// SPDX-License-Identifier: MIT
#include "capi/convert.hpp"

namespace portend::capi {

portend_state public_state(wait::State state) {
  switch (state) {
    case wait::State::unknown:
      break;
    case wait::State::occupied:
      return PORTEND_STATE_OCCUPIED;
    case wait::State::free:
      return PORTEND_STATE_FREE;
  }
  return PORTEND_STATE_UNKNOWN;
}

portend_reason public_reason(wait::Reason reason) {
  switch (reason) {
    case wait::Reason::none:
      break;
    case wait::Reason::accepted:
      return PORTEND_REASON_ACCEPTED;
    case wait::Reason::refused:
      return PORTEND_REASON_REFUSED;
    case wait::Reason::silent:
      return PORTEND_REASON_SILENT;
    case wait::Reason::unreachable:
      return PORTEND_REASON_UNREACHABLE;
    case wait::Reason::unresolved:
      return PORTEND_REASON_UNRESOLVED;
    case wait::Reason::backlog_full:
      return PORTEND_REASON_BACKLOG_FULL;
    case wait::Reason::listening:
      return PORTEND_REASON_LISTENING;
  }
  return PORTEND_REASON_NONE;
}

}  // namespace portend::capi

const char* portend_state_text(portend_state state) noexcept {
  switch (state) {
    case PORTEND_STATE_OCCUPIED:
      return "occupied";
    case PORTEND_STATE_FREE:
      return "free";
    default:
      return "unknown";
  }
}

const char* portend_reason_text(portend_reason reason) noexcept {
  switch (reason) {
    case PORTEND_REASON_NONE:
      return "none";
    case PORTEND_REASON_ACCEPTED:
      return "accepted";
    case PORTEND_REASON_REFUSED:
      return "refused";
    case PORTEND_REASON_SILENT:
      return "silent";
    case PORTEND_REASON_UNREACHABLE:
      return "unreachable";
    case PORTEND_REASON_UNRESOLVED:
      return "unresolved";
    case PORTEND_REASON_BACKLOG_FULL:
      return "backlog full";
    case PORTEND_REASON_LISTENING:
      return "listening";
    default:
      return "unknown";
  }
}
