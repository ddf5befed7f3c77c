// SPDX-License-Identifier: MIT
#include "reason.hpp"

namespace portend::cli {

std::string describe(portend_reason reason, const std::string& address) {
  if (reason == PORTEND_REASON_NONE) return "no answer yet";
  if (reason == PORTEND_REASON_UNRESOLVED) return "the name could not be resolved";
  if (address.empty()) return portend_reason_text(reason);
  switch (reason) {
    case PORTEND_REASON_ACCEPTED:
      return address + " accepts connections";
    case PORTEND_REASON_REFUSED:
      return "refused by " + address;
    case PORTEND_REASON_SILENT:
      return "no answer from " + address;
    case PORTEND_REASON_UNREACHABLE:
      return address + " is unreachable";
    case PORTEND_REASON_BACKLOG_FULL:
      return "accept queue of " + address + " is full";
    case PORTEND_REASON_LISTENING:
      return "a listener on " + address;
    case PORTEND_REASON_NOT_LISTENING:
      return "no listener on " + address;
    case PORTEND_REASON_FORBIDDEN:
      return "the probe of " + address + " is forbidden";
    case PORTEND_REASON_OTHER_OWNER:
      return "a listener on " + address + " of another owner";
    case PORTEND_REASON_CLOSED_EARLY:
      return address + " closes connections early";
    case PORTEND_REASON_IN_USE:
      return "a socket keeps " + address + " from being bound";
    case PORTEND_REASON_CONNECTED:
      return "connections of " + address + " are left";
    case PORTEND_REASON_BINDABLE:
      return address + " can be bound";
    case PORTEND_REASON_DRAINED:
      return "no connection of " + address + " is left";
    default:
      return std::string(portend_reason_text(reason)) + " (" + address + ")";
  }
}

}  // namespace portend::cli
