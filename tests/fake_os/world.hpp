// SPDX-License-Identifier: MIT
// The machine of a scenario. Its clock stands still unless the code sleeps. Its servers, names and processes
// do what the scenario says, at the times that it says. The files in system/ implement src/os with it.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "os/address.hpp"
#include "os/resolve.hpp"
#include "os/socket.hpp"
#include "os/socket_list.hpp"
#include "os/socket_table.hpp"
#include "os/time.hpp"

namespace portend::fake {

using namespace std::chrono_literals;

os::Endpoint endpoint(const std::string& address, std::uint16_t port);

/// What a server noticed of its clients.
struct Contacts {
  std::vector<os::Duration> attempts;  // start times, since the start of the world
  int accepted = 0;                    // connections that reached the server
  int abandoned = 0;                   // abandoned before they reached the server
  int ended_by_fin = 0;
  int ended_by_reset = 0;
};

enum class Behavior : std::uint8_t {
  accept,
  refuse,
  silence,
  unreachable,
  forbidden,
  no_ports,    // this machine has no local port left
  no_buffers,  // ENOBUFS
  itself,      // the socket connects to itself
};

/// How an endpoint answers connections.
struct Server {
  Behavior behavior = Behavior::accept;
  os::Duration round_trip{0};
  std::optional<os::Duration> closes_after{};                   // after the accept
  std::optional<os::Duration> closes_on_fin = os::Duration(0);  // nullopt: stays open
  std::size_t greeting = 0;                                     // bytes that the server sends at once
  int error = EACCES;                                           // for `forbidden`
  Contacts contacts{};
};

/// A listening socket of this machine.
struct Listener {
  os::TableEntry entry;
  std::int64_t owner = 0;
  bool open = true;
  Server server{};  // how it answers connections; a full accept queue is silent
};

struct ListenOptions {
  bool dual_stack = false;
  bool backlog_full = false;
  std::int64_t owner = 1;
};

struct Name {
  os::Resolution result{};
  os::Duration delay{0};
  bool hangs = false;  // the resolver never answers
  int asked = 0;
};

struct Process {
  std::int64_t parent = 1;
  bool alive = true;
};

/// An open descriptor.
struct File {
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;
  [[nodiscard]] virtual bool readable() const { return false; }
  [[nodiscard]] virtual bool writable() const { return false; }
  virtual void closing() {}
};

/// Whether the kernel reports a socket that it destroys, or loses the notice.
enum class Notice : std::uint8_t { given, missing, lost };

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  static World& current();

  // The clock.
  [[nodiscard]] os::Instant now() const { return now_; }
  [[nodiscard]] os::Duration elapsed() const { return now_ - start_; }
  /// Runs an action at a time, counted from the start of the world.
  void at(os::Duration when, std::function<void()> action);
  /// Runs an action after a delay.
  void after(os::Duration delay, std::function<void()> action);
  /// Advances the clock at once, as if the process had been stopped meanwhile.
  void jump(os::Duration length);
  /// Sleeps until a condition holds or `until` has passed; false if a signal came first. Throws
  /// std::logic_error if nothing can ever happen, or if the code wakes up repeatedly without progress.
  bool sleep(const std::function<bool()>& ready, os::Instant until);
  void signal_at(os::Duration when);

  // Servers.
  std::set<std::string> own_addresses{"127.0.0.1", "::1"};
  Server& server(const std::string& address, std::uint16_t port);
  Listener& listen(const std::string& address, std::uint16_t port, ListenOptions options = {});
  void close(Listener& listener, Notice notice = Notice::given);
  std::vector<std::unique_ptr<Listener>> listeners;
  /// Returns the server that answers a connection; nullptr if there is none.
  Server* answering(const os::Endpoint& to);

  // Connections of this machine.
  std::vector<os::SocketEntry> connections;
  void connect(const std::string& address, std::uint16_t port, os::SocketKind kind);
  /// Ends all connections of a port.
  void drain(std::uint16_t port, Notice notice = Notice::given);
  std::map<std::uint16_t, os::Binding> bindings;  // results of bind(2) by port, regardless of the sockets

  // Names and processes.
  std::map<std::string, Name> names;
  Name& name(const std::string& host, const std::vector<std::string>& addresses);
  void forget_name(const std::string& host, os::Resolution::Verdict verdict);
  std::map<std::int64_t, Process> processes;
  void kill(std::int64_t pid) { processes[pid].alive = false; }

  // What the system can do, and what it refuses.
  bool table_readable = true;
  bool table_lies = false;  // reports every port as not listening
  bool sockets_listable = true;
  bool notices_given = true;
  bool processes_visible = true;
  bool has_pidfd = true;
  bool can_hold_back = true;  // delays the last step of a handshake
  bool can_restrict_range = true;
  bool lacks_ipv6 = false;
  int ipv6_error = EAFNOSUPPORT;  // the reason for the lack of IPv6
  bool has_threads = true;
  std::size_t descriptor_limit = 1024;
  os::Duration cost_of_table{0};
  os::Duration cost_of_listing{0};  // of all listeners, in addition
  os::Duration cost_of_connect{0};
  std::optional<std::string> port_server_answer;

  // Counters of system calls.
  int table_reads = 0;  // of one address or of all listeners
  int listings = 0;     // of all listeners
  int requests_of_own_addresses = 0;
  int sleeps = 0;

  // Descriptors.
  int open(std::shared_ptr<File> file);  // -1 if none is available
  int open_or_throw(std::shared_ptr<File> file, const char* what);
  void close(int fd) noexcept;
  [[nodiscard]] std::size_t open_count() const { return files_.size(); }
  [[nodiscard]] std::size_t most_open() const { return most_open_; }
  [[nodiscard]] int opened() const { return opened_; }
  /// Refuses the n-th descriptor from now on, counted from 0: only that one, or all from it on.
  enum class Lasting : std::uint8_t { once, forever };
  void refuse_descriptor(int which, Lasting lasting = Lasting::once);
  [[nodiscard]] std::shared_ptr<File> file(int fd) const;
  template <class Kind>
  [[nodiscard]] std::shared_ptr<Kind> file_as(int fd) const {
    return std::dynamic_pointer_cast<Kind>(file(fd));
  }
  template <class Kind>
  [[nodiscard]] std::vector<std::shared_ptr<Kind>> files_of() const {
    std::vector<std::shared_ptr<Kind>> found;
    for (const auto& [fd, file] : files_) {
      if (auto kind = std::dynamic_pointer_cast<Kind>(file)) found.push_back(kind);
    }
    return found;
  }

  // Threads of the library: each runs when the name that it looks up has an answer.
  void run_aside(std::function<void()> work);
  os::Resolution resolve(const std::string& host);
  /// Completes all look-ups under way.
  void finish_lookups();

 private:
  void run_due();
  void notify(std::uint16_t port, Notice notice, bool is_listener);
  void guard_against_spinning();

  os::Instant start_{1000s};
  os::Instant now_ = start_;
  std::multimap<os::Instant, std::function<void()>> events_;
  bool signaled_ = false;
  os::Instant last_wake_{};
  int wakes_in_place_ = 0;
  std::map<std::pair<std::string, std::uint16_t>, std::unique_ptr<Server>> servers_;
  std::map<int, std::shared_ptr<File>> files_;
  std::size_t most_open_ = 0;
  int opened_ = 0;
  int refused_descriptor_ = -1;
  Lasting refusal_ = Lasting::once;
  bool peeking_ = false;
  std::map<int, std::function<void()>> lookups_;
  int next_lookup_ = 0;
  std::uint64_t next_inode_ = 1;
};

}  // namespace portend::fake
