// SPDX-License-Identifier: MIT
// Parses values of the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <portend/portend.h>

namespace portend::cli {

/// The command line is invalid. The message says what to write instead.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Target {
  std::string host;
  int port = 0;
  std::string text;  // as written; for a URL, only host and port
};

Target parse_target(const std::string& text);

/// Parses a process ID.
int parse_pid(const std::string& text);

/// Parses a number of ports or changes.
std::size_t parse_count(const std::string& text, int most = 65535);

int parse_port(const std::string& text);

/// Parses "8000-8100" or a single port.
std::pair<int, int> parse_range(const std::string& text);

/// The options -4 and -6.
struct FamilyOptions {
  bool ipv4 = false;
  bool ipv6 = false;

  [[nodiscard]] portend_family family() const {
    return ipv4 ? PORTEND_FAMILY_IPV4 : ipv6 ? PORTEND_FAMILY_IPV6 : PORTEND_FAMILY_ANY;
  }
};

/// Options of several commands.
struct ProbeOptions : FamilyOptions {
  std::optional<std::string> interval;
  std::optional<std::string> connect_timeout;
  std::optional<std::string> owner;
  std::optional<std::string> stable;
  bool connect = false;
  bool no_connect = false;
  bool json = false;
};

struct WaitOptions : ProbeOptions {
  std::vector<std::string> words;  // targets and states
  std::string timeout = "inf";
  bool any = false;
  bool retry_dns = false;
  std::optional<std::string> pid;
  bool quiet = false;
  bool verbose = false;
};

struct WatchOptions : ProbeOptions {
  std::vector<std::string> targets;
  std::string timeout = "inf";
  std::optional<std::string> count;
  std::optional<std::string> openmetrics;
};

struct FindOptions : FamilyOptions {
  std::optional<std::string> count;
  std::optional<std::string> range;
  std::optional<std::string> from;
  std::optional<std::string> name;
  std::vector<std::string> preferred;
  std::vector<std::string> excluded;
  std::optional<std::string> host;
  bool consecutive = false;
  bool browser_safe = false;
  bool udp = false;
  bool only_preferred = false;
  bool avoid_ephemeral = false;
  bool no_port_server = false;
  bool park = false;
  bool json = false;
  bool listen = false;
  bool no_listen_pid = false;
  std::vector<std::string> port_names;
};

struct WhoOptions {
  std::vector<std::string> ports;
  bool udp = false;
  bool all = false;
  bool json = false;
};

struct RunOptions {
  std::vector<std::string> servers;  // lines of a Procfile
  std::optional<std::string> file;
  std::vector<std::string> ports;      // "[NAME=]PORT"
  std::vector<std::string> any_owner;  // names
  std::vector<std::string> unreserved;
  std::vector<std::string> targets;  // to wait for also
  std::string timeout = "60";
  std::string grace = "10";
  std::optional<std::string> log_dir;
  bool keep_going = false;
  bool quiet = false;
  bool json = false;
};

struct KillOptions {
  std::vector<std::string> ports;
  std::string signal = "TERM";
  bool force = false;
  std::optional<std::string> grace;
  std::string timeout = "10";
  bool dry_run = false;
  bool quiet = false;
};

}  // namespace portend::cli
