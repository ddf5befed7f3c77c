// SPDX-License-Identifier: MIT
// A message for people. Finding the owner of a listener takes milliseconds, which would exceed a deadline. So
// a message records the socket when it is created, and finds the process when it is read. Listeners on other
// addresses are only a hint, and also found then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/address.hpp"

namespace portend::capi {

class Message {
 public:
  Message() = default;
  Message(std::string text) : text_(std::move(text)) {}
  Message(const char* text) : text_(text) {}

  Message& operator<<(std::string_view text);
  Message& operator<<(std::uint64_t number);

  /// Replaces the text from `begin` on with the process that listens at `where`, such as "nginx, pid 4711,
  /// listens on 127.0.0.1", if the system tells it.
  void prefer_listener(std::size_t begin, const os::Endpoint& where);

  /// Appends a listener on the same port and another address of this machine, if there is one.
  void mention_other_listener(const os::Endpoint& where);

  /// Records the listeners that the message is about, with one listing for all of them.
  void note_sockets() noexcept;

  [[nodiscard]] bool empty() const { return text_.empty() && pending_owners_.empty(); }
  [[nodiscard]] std::size_t size() const { return text_.size(); }

  /// The text, with the processes that have these sockets now.
  [[nodiscard]] std::string text() const;

 private:
  struct PendingOwner {
    std::size_t begin;  // of the text that is replaced
    std::size_t end;
    os::Endpoint where;
    bool elsewhere = false;  // the part is about another address
    std::uint64_t inode = 0;
    os::Ip address{};  // of the listener
  };

  static void find_sockets(std::vector<PendingOwner>& owners, bool elsewhere);

  std::string text_;
  std::vector<PendingOwner> pending_owners_;
};

}  // namespace portend::capi
