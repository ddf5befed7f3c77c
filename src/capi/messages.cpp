// SPDX-License-Identifier: MIT
#include "capi/messages.hpp"

#include <system_error>

namespace portend::capi {

namespace {

using wait::Goal;
using wait::Reason;
using wait::Target;
using wait::TargetId;
using wait::TargetTable;

std::string probes(const Target& target) {
  return std::to_string(target.probes) + (target.probes == 1 ? " probe" : " probes");
}

std::string address(const Target& target) {
  return target.decided_by ? os::ip_to_text(*target.decided_by) : "an unknown address";
}

Message listener(const Target& target, const std::string& otherwise) {
  if (!target.decided_by) return otherwise;
  return Message::listener_at({*target.decided_by, target.port}, otherwise);
}

/// A link-local address exists on every link; only its zone identifies one.
std::string zone_hint(const Target& target) {
  const auto& ip = *target.decided_by;
  const bool lacks_zone =
      ip.family == os::Family::ipv6 && ip.scope == 0 && ip.bytes[0] == 0xfe && (ip.bytes[1] & 0xc0) == 0x80;
  return lacks_zone ? "; a link-local address needs its zone, as in " + os::ip_to_text(ip) + "%eth0" : "";
}

/// Explains why a target is not occupied.
Message why_not_occupied(const Target& target, const std::string& error_text) {
  const auto tail = ", " + probes(target);
  switch (target.reason) {
    case Reason::refused: {
      Message part("refused by " + address(target) + tail);
      if (target.goal == Goal::occupied) part += Message::other_listener({*target.decided_by, target.port});
      return part;
    }
    case Reason::not_listening:
      return "no listener on " + address(target) + tail;
    case Reason::silent:
      return "no answer from " + address(target) + tail;
    case Reason::unreachable:
      return address(target) + " is unreachable" + tail + zone_hint(target);
    case Reason::forbidden:
      return "this system forbids the probe of " + address(target) + ": " +
             std::generic_category().message(target.error) + tail;
    case Reason::closed_early:
      return address(target) + " accepted a connection and closed it early" + tail;
    default:
      return error_text.empty() ? "no answer yet" : "could not resolve: " + error_text;
  }
}

Message why_not(const Target& target, const std::string& error_text) {
  switch (target.reason) {
    case Reason::accepted:
      return listener(target, "accepted by " + address(target) + ", " + probes(target));
    case Reason::listening:
      return listener(target, "a listener on " + address(target));
    case Reason::backlog_full: {
      auto part = listener(target, "a listener on " + address(target));
      part += ", its accept queue is full";
      return part;
    }
    case Reason::other_owner: {
      auto part = listener(target, "a listener on " + address(target));
      part += ", which is not the required owner";
      return part;
    }
    case Reason::in_use:
      return listener(target, "a socket keeps " + address(target) + " from being bound");
    case Reason::connected:
      return "connections of " + address(target) + " are left";
    default:
      return why_not_occupied(target, error_text);
  }
}

const char* missing(Goal goal) {
  switch (goal) {
    case Goal::free:
      return " not free on ";
    case Goal::bindable:
      return " not bindable on ";
    case Goal::drained:
      return " not drained on ";
    case Goal::occupied:
    case Goal::watch:
      break;
  }
  return " not bound on ";
}

std::string port(const Target& target) { return "Port " + std::to_string(target.port); }

template <class Explain>
Message lines(const TargetTable& table, Explain&& explain_one) {
  Message text;
  for (TargetId id = 0; id < table.targets().size(); ++id) {
    Message line = explain_one(id);
    if (line.empty()) continue;
    if (!text.empty()) text += "\n";
    text += std::move(line);
  }
  return text;
}

Message explain_all(const TargetTable& table) {
  return lines(table, [&](TargetId id) { return explain(table, id); });
}

Message unresolved(const TargetTable& table, TargetId id) {
  const auto& host = table.host_of(id);
  if (!table.targets()[id].unresolvable) return {};
  return "Host " + *host.name + " could not be resolved. (" + table.resolver_error(id) + ")";
}

Message exited(const wait::Wait& wait) {
  Message message("Process " + std::to_string(wait.settings.process) +
                  " exited before the targets reached their states.");
  const auto reasons = explain_all(wait.table);
  if (!reasons.empty()) message += "\n";
  message += reasons;
  return message;
}

Message unsupported(const wait::Wait& wait) {
  const auto id = wait.unsupported.value_or(0);
  const auto& target = wait.table.targets()[id];
  const auto target_text = port(target) + " of " + *wait.table.host_of(id).name;
  if (target.candidates.empty()) {
    return target_text +
           " is not on this machine. (bindable, drained, an owner and the socket table as evidence "
           "require an address of this machine)";
  }
  if (wait.settings.owner != 0) {
    return target_text + " cannot be checked. (this user cannot see which process has its listener)";
  }
  return target_text + " cannot be checked. (the socket table of this system cannot be read)";
}

Message in_use(const Target& target) {
  if (target.state != wait::State::occupied) return {};
  Message message(port(target) + " is in use on " + address(target) + ". (");
  message +=
      listener(target, target.reason == Reason::accepted ? "it accepted a connection" : "it has a listener");
  message += ")";
  return message;
}

}  // namespace

Message explain(const TargetTable& table, TargetId id) {
  const auto& target = table.targets()[id];
  const auto& host = table.host_of(id);
  if (target.reached || target.goal == Goal::watch) return {};
  Message message(port(target) + missing(target.goal) + *host.name + ". (");
  message += why_not(target, table.resolver_error(id));
  message += ")";
  return message;
}

Message explain_failure(const wait::Wait& wait, wait::Outcome outcome) {
  switch (outcome) {
    case wait::Outcome::timed_out: {
      auto message = explain_all(wait.table);
      return message.empty() ? "No change before the deadline." : message;
    }
    case wait::Outcome::unresolved:
      return lines(wait.table, [&](TargetId id) { return unresolved(wait.table, id); });
    case wait::Outcome::canceled:
      return "The wait was canceled.";
    case wait::Outcome::interrupted:
      return "The wait was interrupted.";
    case wait::Outcome::gone:
      return exited(wait);
    case wait::Outcome::unsupported:
      return unsupported(wait);
    default:
      return "A wait ended without an outcome: a bug in portend.";
  }
}

Message explain_in_use(const TargetTable& table) {
  return lines(table, [&](TargetId id) { return in_use(table.targets()[id]); });
}

Message explain_unknown(const TargetTable& table) {
  return lines(table, [&](TargetId id) -> Message {
    const auto& target = table.targets()[id];
    const auto& host = table.host_of(id);
    if (target.state != wait::State::unknown) return {};
    Message message(port(target) + " of " + *host.name + " gave no answer. (");
    message += why_not(target, table.resolver_error(id));
    message += ")";
    return message;
  });
}

}  // namespace portend::capi
