// SPDX-License-Identifier: MIT
// One target in a table, with helpers to record findings.
#pragma once

#include <optional>
#include <vector>

#include "support/unit.hpp"
#include "wait/target_table.hpp"

namespace portend::test {

using namespace std::chrono_literals;
using wait::CandidateId;
using wait::Goal;
using wait::Mode;
using wait::Reason;
using wait::ResolvedAddress;
using wait::State;
using wait::TargetId;
using wait::TargetTable;

inline const os::Ip first_ip{os::Family::ipv4, 0, {127, 0, 0, 1}};
inline const os::Ip second_ip{os::Family::ipv4, 0, {127, 0, 0, 2}};
inline const os::Ip third_ip{os::Family::ipv4, 0, {127, 0, 0, 3}};
inline const os::Instant start{1h};

/// The finding for a reason on an address of this machine without a listener.
inline wait::Finding finding(Reason reason) {
  switch (reason) {
    case Reason::accepted:
    case Reason::backlog_full:
    case Reason::listening:
      return {reason, wait::Verdict::occupied};
    case Reason::none:
      return {};
    default:
      return {reason, wait::Verdict::free};
  }
}

/// One target with its candidates, and helpers to set addresses.
struct Bench {
  explicit Bench(Goal goal) : target(table.add("a", 80, goal)) { table.begin(start); }

  void set_addresses(const std::vector<os::Ip>& ips) {
    std::vector<ResolvedAddress> addresses;
    for (const auto& ip : ips) addresses.push_back({ip, wait::Locality::local});
    removed.clear();
    added.clear();
    table.set_addresses(target, addresses, now, removed, added);
  }
  [[nodiscard]] CandidateId candidate(std::size_t i) const { return known().candidates.at(i); }
  void saw(std::size_t i, Reason what) { table.record(candidate(i), finding(what), now += 1ms); }
  [[nodiscard]] const wait::Target& known() const { return table.targets()[target]; }
  std::optional<wait::Event> event() {
    if (table.events().empty()) return {};
    auto event = table.events().front();
    table.events().pop();
    return event;
  }

  TargetTable table;
  TargetId target;
  os::Instant now = start;
  std::vector<CandidateId> removed;
  std::vector<CandidateId> added;
};

}  // namespace portend::test
