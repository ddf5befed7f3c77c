// SPDX-License-Identifier: MIT
// A message for people. Which process owns a listener takes milliseconds to find out, which no
// deadline has to spare. So a message notes the socket when it is made, and finds the process
// when it is read. What listens elsewhere is a hint, and is looked for only then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "os/address.hpp"

namespace portend::capi {

class Message {
 public:
  Message() = default;
  Message(std::string text) : text_(std::move(text)) {}
  Message(const char* text) : text_(text) {}

  Message& operator+=(const Message& more);

  /// A part that says which process listens at `where`, "nginx, pid 4711, listens on 127.0.0.1",
  /// if the system tells, and otherwise `otherwise`.
  static Message listener_at(const os::Endpoint& where, const std::string& otherwise);

  /// A part that says what else listens on the port of `where`, on another address of this
  /// machine, if anything does; otherwise nothing.
  static Message other_listener(const os::Endpoint& where);

  /// Notes which listeners the message is about, by one listing for all of them.
  void note_sockets() noexcept;

  [[nodiscard]] bool empty() const { return text_.empty() && pending_owners_.empty(); }

  /// The text, with the processes that have these sockets now.
  [[nodiscard]] std::string text() const;

 private:
  struct PendingOwner {
    std::size_t begin;  // of the words that are replaced
    std::size_t end;
    os::Endpoint where;
    bool elsewhere = false;  // what listens on another address
    std::uint64_t inode = 0;
    os::Ip address{};  // that it listens on
  };

  static void find_sockets(std::vector<PendingOwner>& owners, bool elsewhere);

  std::string text_;
  std::vector<PendingOwner> pending_owners_;
};

}  // namespace portend::capi
