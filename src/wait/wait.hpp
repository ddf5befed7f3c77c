// SPDX-License-Identifier: MIT
// One wait: what is wanted, what is known, and when it ends. It is data: the engine runs it.
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
  unsupported,  // what was asked for can only be told of addresses of this machine
  interrupted,  // by the hook of the caller: the wait can be resumed
  failed,       // the system refused; see Wait::failure
};

/// The attempts at one candidate. The connector alone writes it.
struct ConnectState {
  os::Instant next = os::never;          // when the next attempt starts
  os::Instant silent_since = os::never;  // when the first attempt without an answer began
  std::uint8_t attempts = 0;             // under way
  std::uint8_t silent_attempts = 0;      // in a row
};

/// The look-up of one host. The resolver alone writes it.
struct LookupState {
  os::Instant next = os::never;  // when it is looked up again
  std::shared_ptr<net::Lookup> lookup{};
  bool was_found = false;
};

struct Wait {
  Settings settings;
  TargetTable table;

  std::optional<Mode> mode;  // nothing for a watch that no goal ends
  bool once = false;         // a single probe
  os::Duration attempt_limit{};
  os::Instant began{};
  os::Instant deadline = os::never;
  Outcome outcome = Outcome::pending;
  std::exception_ptr failure;
  std::optional<os::ProcessWatch> process;
  bool process_ended = false;
  std::optional<TargetId> unsupported;  // a target that is not on this machine, and would have to be

  std::vector<ConnectState> connects;  // by candidate
  std::size_t connects_planned = 0;    // the connector's, too
  std::size_t connects_open = 0;       // attempts under way, and connections that are being closed
  std::unordered_map<HostId, LookupState> lookups;  // of the hosts that are names
  os::Instant lookups_end = os::never;              // when a single probe gives up names without an answer

  std::optional<std::uint32_t> id_in_engine;
  bool touched = false;    // the engine's: something happened in this iteration
  bool announced = false;  // the group's: it has told of the events, which were not taken since
  std::int64_t id_in_group = 0;

  /// Set by any thread, and by signal handlers.
  std::atomic<bool> canceled = false;

  /// Starts afresh. With a timeout of 0 every candidate is probed once.
  void begin(std::optional<Mode> until, std::int64_t timeout_ms, os::Instant now);
};

/// A candidate of a wait in an engine.
struct Key {
  std::uint32_t wait = 0;
  CandidateId candidate = 0;
};

}  // namespace portend::wait
