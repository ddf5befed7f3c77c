// SPDX-License-Identifier: MIT
// The machine that a scenario runs on: a clock that stands still unless something sleeps, other
// machines, servers, names and processes that do what the scenario says, at the moments it says.
// The files in system/ implement src/os by it.
#pragma once

#include <cerrno>
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

os::Ip ip(const std::string& text);
os::Endpoint endpoint(const std::string& address, std::uint16_t port);

/// What a server noticed of those that connected to it.
struct Contacts {
  std::vector<os::Duration> attempts;  // when each began
  int accepted = 0;                    // connections that the server learned of
  int abandoned = 0;                   // given up before the server learned of them
  int ended_by_fin = 0;
  int ended_by_reset = 0;
};

enum class Behavior : std::uint8_t {
  accept,
  refuse,
  silence,
  unreachable,
  forbidden,
  no_ports,    // the machine has no local port left
  no_buffers,  // ENOBUFS
  itself,      // the socket connects to itself
};

/// How an endpoint meets those that connect to it.
struct Server {
  Behavior behavior = Behavior::accept;
  os::Duration round_trip{0};
  std::optional<os::Duration> closes_after{};  // after it accepted
  bool resets = false;                         // instead of closing
  std::optional<os::Duration> closes_on_fin = os::Duration(0);
  std::size_t greeting = 0;  // bytes that it sends at once
  int error = EACCES;        // of `forbidden`
  Contacts contacts{};
};

/// A listening socket of this machine.
struct Listener {
  os::TableEntry entry;
  std::int64_t owner = 0;
  bool open = true;
  Server server{};  // how it meets connections; a full accept queue is silent
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
  virtual ~File() = default;
  [[nodiscard]] virtual bool readable() const { return false; }
  [[nodiscard]] virtual bool writable() const { return false; }
};

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
  /// Does something at a moment, counted from the start of the world.
  void at(os::Duration when, std::function<void()> action);
  /// Does something later.
  void after(os::Duration delay, std::function<void()> action);
  /// Lets time pass at once, as while the process was stopped.
  void jump(os::Duration length);
  /// A call of the system takes so long.
  void spend(os::Duration length);
  /// Sleeps until a condition holds or the moment has come; false if a signal came before.
  bool sleep(const std::function<bool()>& ready, os::Instant until);

  // This machine and others.
  std::set<std::string> own_addresses{"127.0.0.1", "::1"};
  Server& server(const std::string& address, std::uint16_t port);
  Listener& listen(const std::string& address, std::uint16_t port, ListenOptions options = {});
  enum class Notice : std::uint8_t { given, missing, lost };
  void close(Listener& listener, Notice notice = Notice::given);
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<os::SocketEntry> connections;  // of this machine
  void connection(const std::string& address, std::uint16_t port, os::SocketKind kind);
  /// Ends all connections of a port.
  void drain(std::uint16_t port, Notice notice = Notice::given);
  std::map<std::uint16_t, os::Binding> bindings;  // what bind(2) says of a port, whatever the sockets are
  std::map<std::string, Name> names;
  Name& name(const std::string& host, std::vector<std::string> addresses);
  std::map<std::int64_t, Process> processes;
  void kill(std::int64_t pid);
  void signal_at(os::Duration when);

  // What the system can do, and what it refuses.
  bool table_readable = true;
  bool table_lies = false;  // says of every port that nothing listens
  bool sockets_listable = true;
  bool notices_given = true;
  bool processes_visible = true;
  bool has_pidfd = true;
  bool can_hold_back = true;  // the last step of a handshake
  bool lacks_ipv6 = false;
  bool has_threads = true;
  bool has_poller_descriptor = true;
  std::size_t descriptor_limit = 1024;
  os::Duration cost_of_table{0};
  os::Duration cost_of_connect{0};
  std::string port_server_answer;  // empty: there is none

  // What was asked of the system.
  int table_reads = 0;  // of one address, or of all listeners
  int table_lists = 0;  // of all listeners
  int bind_tests = 0;
  int subscriptions = 0;
  int sleeps = 0;

  // Descriptors.
  int open(std::unique_ptr<File> file);  // -1 if there is none left
  int open_or_throw(std::unique_ptr<File> file, const char* what);
  void close(int fd) noexcept;
  [[nodiscard]] std::size_t open_count() const { return files_.size(); }
  [[nodiscard]] std::size_t most_open() const { return most_open_; }
  /// Refuses the n-th descriptor from now on, counted from 0; once.
  void refuse_descriptor(int which) { refused_descriptor_ = which; }
  template <class Kind>
  Kind& file(int fd) {
    return dynamic_cast<Kind&>(*files_.at(fd));
  }
  [[nodiscard]] bool is_ready(int fd, bool for_writing) const;

  // Work in threads of the library: done when the name that it looks up has its answer.
  void run_aside(std::function<void()> work);
  os::Resolution resolve(const std::string& host);

 private:
  void run_due();
  void notify(std::uint16_t port, Notice notice, bool listener);
  void finish_lookups();

  os::Instant start_{1000s};
  os::Instant now_ = start_;
  std::multimap<os::Instant, std::function<void()>> events_;
  bool signaled_ = false;
  int idle_sleeps_ = 0;
  std::map<std::pair<std::string, std::uint16_t>, std::unique_ptr<Server>> servers_;
  std::map<int, std::unique_ptr<File>> files_;
  std::size_t most_open_ = 0;
  int refused_descriptor_ = -1;
  bool peeking_ = false;
  std::vector<std::function<void()>> hanging_;
  std::uint64_t next_inode_ = 1;

  friend class Network;
};

}  // namespace portend::fake
