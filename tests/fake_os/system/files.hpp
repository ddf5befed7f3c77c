// SPDX-License-Identifier: MIT
// The kinds of descriptors in this system.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fake_os/world.hpp"
#include "os/poller.hpp"

namespace portend::fake {

struct EpollFile : File {
  struct Watch {
    int fd;
    std::weak_ptr<File> file;
    os::Poller::Interest interest;
    os::Poller::Token token;
  };
  std::vector<Watch> watches;
  os::Instant armed = os::never;

  [[nodiscard]] std::vector<os::Poller::Token> ready() const;
  [[nodiscard]] bool readable() const override { return World::current().now() >= armed || !ready().empty(); }
};

/// A timer, or the connection to the socket table: never ready.
struct PlainFile : File {};

struct WakeupFile : File {
  bool raised = false;
  [[nodiscard]] bool readable() const override { return raised; }
};

struct PidFile : File {
  explicit PidFile(std::int64_t id) : pid(id) {}
  std::int64_t pid;
  [[nodiscard]] bool readable() const override { return !World::current().processes[pid].alive; }
};

/// Receives notices of sockets that the kernel destroys.
struct MonitorFile : File {
  std::vector<std::uint16_t> ports;
  bool all_sockets = false;
  std::vector<std::uint16_t> closed;
  bool lost = false;

  [[nodiscard]] bool readable() const override { return lost || !closed.empty(); }
  void on_closed(std::uint16_t port, Notice notice, bool is_listener) {
    if (notice == Notice::missing || (!is_listener && !all_sockets)) return;
    if (std::ranges::find(ports, port) == ports.end()) return;
    if (notice == Notice::lost) {
      lost = true;
    } else {
      closed.push_back(port);
    }
  }
};

/// A socket that connects.
struct ConnectionFile : File, std::enable_shared_from_this<ConnectionFile> {
  os::ConnectProgress progress{};
  bool begun = false;
  int attempt = 0;  // a socket that was refused or reset can connect again
  os::Handshake handshake = os::Handshake::complete;
  Server* server = nullptr;
  os::Instant established_at{};
  bool known_to_server = false;
  bool to_itself = false;
  bool fin_sent = false;
  bool peer_closed = false;
  std::size_t unread = 0;

  [[nodiscard]] bool is_established() const { return begun && progress.state == os::Connecting::established; }
  [[nodiscard]] bool readable() const override { return is_established() && (peer_closed || unread > 0); }
  [[nodiscard]] bool writable() const override { return begun && progress.state != os::Connecting::pending; }
  void closing() override;
  void begin(const os::Endpoint& to, os::Handshake wanted);
  void answer(Behavior behavior);
  void finish_sending();
  void disconnect();
  void later(os::Duration delay, void (ConnectionFile::*action)());

 private:
  void establish();
  void learn();
  void close_peer() { peer_closed = true; }
};

/// A socket to bind.
struct BoundFile : File {
  os::Family family = os::Family::ipv4;
  os::Transport transport = os::Transport::tcp;
  os::BindOptions options{};
  bool any_address = false;  // may be bound to an address that this machine lacks
  std::optional<os::Endpoint> local{};
  std::uint16_t first = 40000;  // the range that the system chooses from
  std::uint16_t last = 60000;
  Listener* listener = nullptr;

  [[nodiscard]] bool conflicts_with(const os::Endpoint& where, const BoundFile& other) const;
  [[nodiscard]] os::Binding bind(os::Endpoint where);
  void closing() override {
    if (listener != nullptr) World::current().close(*listener);
  }

 private:
  [[nodiscard]] bool is_taken(const os::Endpoint& where) const;
};

}  // namespace portend::fake
