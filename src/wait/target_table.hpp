// SPDX-License-Identifier: MIT
// What is known in one wait: its targets, the candidates (addresses) of each, and the last finding of each
// candidate. It derives the states of targets; it does not probe or sleep.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "os/address.hpp"
#include "os/socket_table.hpp"
#include "os/time.hpp"
#include "wait/fifo.hpp"
#include "wait/settings.hpp"
#include "wait/state.hpp"

namespace portend::wait {

using TargetId = std::uint32_t;
using CandidateId = std::uint32_t;
using HostId = std::uint32_t;

struct ResolvedAddress {
  os::Ip ip;
  Locality locality = Locality::remote;
};

struct Candidate {
  os::Endpoint endpoint{};
  TargetId target = 0;
  Locality locality = Locality::remote;
  Finding finding{};
  os::Listening listing = os::Listening::unknown;  // the last entry in the socket table
  bool in_use = false;
};

struct Target {
  HostId host = 0;
  std::uint16_t port = 0;
  Goal goal = Goal::watch;
  State state = State::unknown;
  Reason reason = Reason::none;
  std::uint16_t error = 0;  // errno, if a policy of this system refused the probe
  bool reached = false;
  bool unresolvable = false;  // its name permanently has no address
  std::optional<os::Ip> decided_by{};
  std::uint64_t probes = 0;
  os::Instant since{};  // the iteration that changed the state last, or the start of the wait
  os::Instant reached_at{};
  std::vector<CandidateId> candidates{};
};

struct Host {
  const std::string* name = nullptr;
  std::vector<TargetId> targets{};
};

struct Event {
  TargetId target = 0;
  State state = State::unknown;
  Reason reason = Reason::none;
  int error = 0;
  std::optional<os::Ip> decided_by{};
  os::Instant at{};
  os::Calendar calendar{};
};

class TargetTable {
 public:
  /// Strong guarantee: a failure leaves the table unchanged.
  TargetId add(const std::string& host, std::uint16_t port, Goal goal);

  /// Clears all findings, and reserves memory for new ones.
  void begin(os::Instant now);

  /// Clears all findings. Needs no memory.
  void forget(os::Instant now);

  /// Removes all targets. The memory remains for the next ones.
  void clear();

  /// Sets the current addresses of a target's host. Candidates with other addresses are dropped; `removed`
  /// and `added` receive the changes.
  void set_addresses(TargetId target, std::span<const ResolvedAddress> addresses, os::Instant now,
                     std::vector<CandidateId>& removed, std::vector<CandidateId>& added);

  /// Notes that a host has no address, permanently or at present.
  void set_unresolved(HostId host, bool permanently, const std::string& error_text);

  /// Notes that the name of a host had addresses and does not exist any more. Its targets that are to become
  /// free are free then.
  void set_vanished(HostId host, os::Instant now);

  /// Records the finding of a probe.
  void record(CandidateId candidate, const Finding& finding, os::Instant now);

  void note_listing(CandidateId id, os::Listening listing) { candidates_[id].listing = listing; }
  void count_probe(CandidateId id) { ++targets_[candidates_[id].target].probes; }

  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
  [[nodiscard]] const std::vector<Host>& hosts() const { return hosts_; }
  [[nodiscard]] const Host& host_of(TargetId id) const { return hosts_[targets_[id].host]; }

  /// The error text of the last look-up of a target's host, if it failed.
  [[nodiscard]] const std::string& resolver_error(TargetId id) const;

  [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }
  [[nodiscard]] const Target& target_of(CandidateId id) const { return targets_[candidates_[id].target]; }

  /// Whether a candidate still needs to be probed.
  [[nodiscard]] bool is_open(CandidateId id) const {
    return id < candidates_.size() && candidates_[id].in_use && !target_of(id).reached;
  }

  [[nodiscard]] bool reached(Mode mode) const;
  [[nodiscard]] bool cannot_succeed(Mode mode) const;
  [[nodiscard]] bool has_goals() const { return goals_ > 0; }
  [[nodiscard]] bool has_open_targets() const { return reached_ < targets_.size(); }

  Fifo<Event>& events() { return events_; }
  [[nodiscard]] const Fifo<Event>& events() const { return events_; }

  /// Returns the targets that have reached their goal since the last call.
  std::vector<TargetId> take_reached();

 private:
  HostId host_named(const std::string& name);
  struct Conclusion {
    State state = State::unknown;
    const Candidate* deciding = nullptr;
    bool complete = true;  // every candidate was probed
  };
  [[nodiscard]] Conclusion conclude(const Target& target) const;
  void update_state(TargetId target, os::Instant now);
  void change_state(TargetId target, State state, os::Instant now);
  CandidateId new_candidate();

  std::vector<Host> hosts_;
  std::unordered_map<std::string, HostId> host_ids_;         // the keys are the names of the hosts
  std::unordered_map<HostId, std::string> resolver_errors_;  // only of hosts with an error
  std::vector<Target> targets_;
  std::vector<Candidate> candidates_;
  std::vector<CandidateId> unused_candidates_;
  Fifo<Event> events_;
  std::vector<TargetId> newly_reached_;
  std::size_t goals_ = 0;
  std::size_t reached_ = 0;
  std::size_t unresolvable_ = 0;
};

}  // namespace portend::wait
