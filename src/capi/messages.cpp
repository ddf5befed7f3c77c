// SPDX-License-Identifier: MIT
#include "capi/messages.hpp"

#include <functional>
#include <string_view>
#include <system_error>

namespace portend::capi {

namespace {

using wait::Goal;
using wait::Reason;
using wait::Target;
using wait::TargetId;
using wait::TargetTable;

void add_probes(Message& text, const Target& target) {
  text << ", " << target.probes << (target.probes == 1 ? " probe" : " probes");
}

std::string address(const Target& target) {
  return target.decided_by ? os::ip_to_text(*target.decided_by) : "an unknown address";
}

/// Names the listener instead of the text from `begin` on, if its address is known.
void prefer_listener(Message& text, std::size_t begin, const Target& target) {
  if (target.decided_by) text.prefer_listener(begin, {*target.decided_by, target.port});
}

/// A link-local address exists on every link; only its zone identifies one.
void add_zone_hint(Message& text, const Target& target) {
  const auto& ip = *target.decided_by;
  if (!os::is_link_local(ip) || ip.scope != 0) return;
  text << "; a link-local address needs its zone, as in " << os::ip_to_text(ip) << "%eth0";
}

/// Explains why a target is not occupied.
void add_why_not_occupied(Message& text, const Target& target, const std::string& error_text) {
  switch (target.reason) {
    case Reason::refused:
      text << "refused by " << address(target);
      break;
    case Reason::not_listening:
      text << "no listener on " << address(target);
      break;
    case Reason::silent:
      text << "no answer from " << address(target);
      break;
    case Reason::unreachable:
      text << address(target) << " is unreachable";
      break;
    case Reason::forbidden:
      text << "this system forbids the probe of " << address(target) << ": "
           << std::generic_category().message(target.error);
      break;
    case Reason::closed_early:
      text << address(target) << " accepted a connection and closed it early";
      break;
    default:
      if (error_text.empty()) {
        text << "no answer yet";
      } else {
        text << "could not resolve: " << error_text;
      }
      return;
  }
  add_probes(text, target);
  if (target.reason == Reason::unreachable) add_zone_hint(text, target);
  if (target.reason == Reason::refused && target.goal == Goal::occupied)
    text.mention_other_listener({*target.decided_by, target.port});
}

void add_why_not(Message& text, const Target& target, const std::string& error_text) {
  const auto begin = text.size();
  switch (target.reason) {
    case Reason::accepted:
      text << "accepted by " << address(target);
      add_probes(text, target);
      break;
    case Reason::listening:
    case Reason::backlog_full:
    case Reason::other_owner:
      text << "a listener on " << address(target);
      break;
    case Reason::in_use:
      text << "a socket keeps " << address(target) << " from being bound";
      break;
    case Reason::connected:
      text << "connections of " << address(target) << " are left";
      return;
    default:
      return add_why_not_occupied(text, target, error_text);
  }
  prefer_listener(text, begin, target);
  if (target.reason == Reason::backlog_full) text << ", its accept queue is full";
  if (target.reason == Reason::other_owner) text << ", which is not the required owner";
}

std::string_view missing(Goal goal) {
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

bool is_unreached(const Target& target) { return !target.reached && target.goal != Goal::watch; }

/// Adds a line for each target with the property.
template <class Property, class AddLine>
void add_lines(Message& text, const TargetTable& table, Property&& has_property, AddLine&& add_line) {
  for (TargetId id = 0; id < table.targets().size(); ++id) {
    if (!has_property(table.targets()[id])) continue;
    if (!text.empty()) text << "\n";
    add_line(id);
  }
}

void add_explanation(Message& text, const TargetTable& table, TargetId id) {
  const auto& target = table.targets()[id];
  text << "Port " << target.port << missing(target.goal) << *table.host_of(id).name << ". (";
  add_why_not(text, target, table.resolver_error(id));
  text << ")";
}

void add_explanations(Message& text, const TargetTable& table) {
  add_lines(text, table, is_unreached, [&](TargetId id) { add_explanation(text, table, id); });
}

Message timed_out(const TargetTable& table) {
  Message text;
  add_explanations(text, table);
  if (text.empty()) text << "No change before the deadline.";
  return text;
}

Message unresolved(const TargetTable& table) {
  Message text;
  add_lines(text, table, std::mem_fn(&Target::unresolvable), [&](TargetId id) {
    text << "Host " << *table.host_of(id).name << " could not be resolved. (" << table.resolver_error(id)
         << ")";
  });
  return text;
}

Message exited(const wait::Wait& wait) {
  Message text;
  text << "Process " << static_cast<std::uint64_t>(wait.settings.process)
       << " exited before the targets reached their states.";
  add_explanations(text, wait.table);
  return text;
}

Message unsupported(const wait::Wait& wait) {
  const auto id = wait.unsupported.value_or(0);
  const auto& target = wait.table.targets()[id];
  Message text;
  text << "Port " << target.port << " of " << *wait.table.host_of(id).name;
  if (target.candidates.empty()) {
    text << " is not on this machine. (bindable, drained, an owner and the socket table as evidence "
            "require an address of this machine)";
  } else if (wait.settings.owner != 0) {
    text << " cannot be checked. (this user cannot see which process has its listener)";
  } else {
    text << " cannot be checked. (the socket table of this system cannot be read)";
  }
  return text;
}

}  // namespace

Message explain(const TargetTable& table, TargetId id) {
  Message text;
  if (is_unreached(table.targets()[id])) add_explanation(text, table, id);
  return text;
}

Message explain_failure(const wait::Wait& wait, wait::Outcome outcome) {
  switch (outcome) {
    case wait::Outcome::timed_out:
      return timed_out(wait.table);
    case wait::Outcome::unresolved:
      return unresolved(wait.table);
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
  Message text;
  const auto is_occupied = [](const Target& target) { return target.state == wait::State::occupied; };
  add_lines(text, table, is_occupied, [&](TargetId id) {
    const auto& target = table.targets()[id];
    text << "Port " << target.port << " is in use on " << address(target) << ". (";
    const auto begin = text.size();
    text << (target.reason == Reason::accepted ? "it accepted a connection" : "it has a listener");
    prefer_listener(text, begin, target);
    text << ")";
  });
  return text;
}

Message explain_unknown(const TargetTable& table) {
  Message text;
  const auto is_unknown = [](const Target& target) { return target.state == wait::State::unknown; };
  add_lines(text, table, is_unknown, [&](TargetId id) {
    const auto& target = table.targets()[id];
    text << "Port " << target.port << " of " << *table.host_of(id).name << " gave no answer. (";
    add_why_not(text, target, table.resolver_error(id));
    text << ")";
  });
  return text;
}

}  // namespace portend::capi
