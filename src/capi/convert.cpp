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
    case wait::State::bindable:
      return PORTEND_STATE_BINDABLE;
    case wait::State::drained:
      return PORTEND_STATE_DRAINED;
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
    case wait::Reason::forbidden:
      return PORTEND_REASON_FORBIDDEN;
    case wait::Reason::other_owner:
      return PORTEND_REASON_OTHER_OWNER;
    case wait::Reason::closed_early:
      return PORTEND_REASON_CLOSED_EARLY;
    case wait::Reason::in_use:
      return PORTEND_REASON_IN_USE;
    case wait::Reason::connected:
      return PORTEND_REASON_CONNECTED;
    case wait::Reason::bindable:
      return PORTEND_REASON_BINDABLE;
    case wait::Reason::drained:
      return PORTEND_REASON_DRAINED;
    case wait::Reason::not_listening:
      return PORTEND_REASON_NOT_LISTENING;
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
    case PORTEND_STATE_BINDABLE:
      return "bindable";
    case PORTEND_STATE_DRAINED:
      return "drained";
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
    case PORTEND_REASON_FORBIDDEN:
      return "forbidden";
    case PORTEND_REASON_OTHER_OWNER:
      return "other owner";
    case PORTEND_REASON_CLOSED_EARLY:
      return "closed early";
    case PORTEND_REASON_IN_USE:
      return "in use";
    case PORTEND_REASON_CONNECTED:
      return "connected";
    case PORTEND_REASON_BINDABLE:
      return "bindable";
    case PORTEND_REASON_DRAINED:
      return "drained";
    case PORTEND_REASON_NOT_LISTENING:
      return "not listening";
    default:
      return "unknown";
  }
}
