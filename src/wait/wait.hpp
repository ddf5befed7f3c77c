// SPDX-License-Identifier: MIT
// One wait: its goals, its findings, and its end. It is plain data; the engine runs it.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "net/lookup.hpp"
#include "os/process.hpp"
#include "os/time.hpp"
#include "wait/settings.hpp"
#include "wait/target_table.hpp"

namespace portend::wait {

enum class Outcome : std::uint8_t {
  pending,
  reached,
  timed_out,
  unresolved,
  canceled,
  gone,         // the process that was watched has ended
  unsupported,  // the goal or the evidence requires addresses of this machine
  interrupted,  // by the caller's hook: the wait can be resumed
  failed,       // the system refused; see Wait::failure
};

/// The attempts at one candidate. Only the connector writes it.
struct ConnectState {
  os::Instant next = os::never;          // when the next attempt starts
  os::Instant silent_since = os::never;  // when the first attempt without an answer began
  std::uint8_t attempts = 0;             // under way
  std::uint8_t silent_attempts = 0;      // in a row
};

/// The look-up of one host. Only the resolver writes it.
struct LookupState {
  os::Instant next = os::never;  // when the next look-up starts
  std::shared_ptr<net::Lookup> lookup{};
  bool was_found = false;
};

struct Wait {
  Settings settings;
  TargetTable table;

  std::optional<Mode> mode;  // empty for a watch, which no goal ends
  bool once = false;         // a single probe
  bool process_ended = false;
  Outcome outcome = Outcome::pending;
  os::Duration attempt_limit{};
  os::Instant began{};
  os::Instant deadline = os::never;
  std::exception_ptr failure;
  std::optional<os::ProcessWatch> process;
  std::optional<TargetId> unsupported;  // a target that would have to be on this machine

  std::vector<ConnectState> connects;  // by candidate
  std::size_t connects_planned = 0;    // also written by the connector
  std::size_t connects_open = 0;       // attempts under way, and connections that are being closed
  std::unordered_map<HostId, LookupState> lookups;  // of the hosts that are names
  os::Instant lookups_end = os::never;              // when a single probe abandons its look-ups

  std::int64_t id_in_group = 0;
  std::optional<std::uint32_t> id_in_engine;
  bool touched = false;    // for the engine: something happened in this iteration
  bool announced = false;  // for the group: its events were reported and not taken yet

  /// Set by any thread and by signal handlers.
  std::atomic<bool> canceled = false;

  /// Starts a new wait. With a timeout of 0, each candidate is probed once.
  void begin(std::optional<Mode> until, std::int64_t timeout_ms, os::Instant now);

  /// Removes the outcome and the cancellation.
  void forget_end();
};

/// Identifies a candidate of a wait in an engine.
struct Key {
  std::uint32_t wait = 0;
  CandidateId candidate = 0;
};

}  // namespace portend::wait
