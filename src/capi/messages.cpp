// SPDX-License-Identifier: MIT
#include "capi/messages.hpp"

namespace portend::capi {

namespace {

using wait::Goal;
using wait::Reason;
using wait::Target;

std::string probes(const Target& target) {
  return std::to_string(target.probes) + (target.probes == 1 ? " probe" : " probes");
}

std::string address(const Target& target) {
  return target.decided_by ? os::ip_to_text(*target.decided_by) : "an unknown address";
}

Message holder(const Target& target, const std::string& otherwise) {
  if (!target.decided_by) return otherwise;
  return Message::owner_of({*target.decided_by, target.port}, otherwise);
}

std::string why_nobody(const Target& target, const std::string& error_text) {
  switch (target.reason) {
    case Reason::refused:
      return "refused by " + address(target) + ", " + probes(target);
    case Reason::silent:
      return "no answer from " + address(target) + ", " + probes(target);
    case Reason::unreachable:
      return address(target) + " is unreachable, " + probes(target);
    default:
      return error_text.empty() ? "no answer yet" : "could not resolve: " + error_text;
  }
}

Message why_not(const Target& target, const std::string& error_text) {
  switch (target.reason) {
    case Reason::accepted:
      return holder(target, "accepted by " + address(target) + ", " + probes(target));
    case Reason::listening:
      return holder(target, "listening on " + address(target));
    case Reason::backlog_full: {
      auto part = holder(target, "listening on " + address(target));
      part += ", its accept queue is full";
      return part;
    }
    default:
      return why_nobody(target, error_text);
  }
}

template <class Explain>
Message lines(const wait::Waiter& waiter, Explain&& explain_one) {
  Message text;
  for (wait::TargetId id = 0; id < waiter.board().targets().size(); ++id) {
    const Message line = explain_one(id);
    if (line.empty()) continue;
    if (!text.empty()) text += "\n";
    text += line;
  }
  return text;
}

Message in_use(const Target& target) {
  if (target.state != wait::State::occupied) return {};
  Message message("Port " + std::to_string(target.port) + " is in use on " + address(target) + ". (");
  message += holder(
      target, target.reason == Reason::accepted ? "it accepted a connection" : "somebody listens there");
  message += ")";
  return message;
}

}  // namespace

Message explain(const wait::Waiter& waiter, wait::TargetId id) {
  const auto& target = waiter.board().targets()[id];
  const auto& host = waiter.host_of(id);
  if (target.reached || target.goal == Goal::watch) return {};
  Message message("Port " + std::to_string(target.port) +
                  (target.goal == Goal::free ? " not free on " : " not bound on ") + *host.name + ". (");
  message += why_not(target, waiter.error_text(id));
  message += ")";
  return message;
}

Message explain_all(const wait::Waiter& waiter) {
  return lines(waiter, [&](wait::TargetId id) { return explain(waiter, id); });
}

Message explain_unresolved(const wait::Waiter& waiter) {
  return lines(waiter, [&](wait::TargetId id) -> Message {
    if (!waiter.board().targets()[id].lost) return {};
    return "Host " + *waiter.host_of(id).name + " could not be resolved. (" + waiter.error_text(id) + ")";
  });
}

Message explain_in_use(const wait::Waiter& waiter) {
  return lines(waiter, [&](wait::TargetId id) { return in_use(waiter.board().targets()[id]); });
}

}  // namespace portend::capi
