// SPDX-License-Identifier: MIT
// A message for people. Who holds a port takes milliseconds to find out, which no deadline
// has to spare: so a message keeps the question, and answers it when it is read.
#pragma once

#include <cstddef>
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

  /// A part that names who listens at `where`, if that can be told, and else says
  /// `otherwise`.
  static Message owner_of(const os::Endpoint& where, const std::string& otherwise);

  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// The text, with all questions answered as of now.
  [[nodiscard]] std::string text() const;

 private:
  struct PendingOwner {
    std::size_t begin;  // of the words that the answer replaces
    std::size_t end;
    os::Endpoint where;
  };

  std::string text_;
  std::vector<PendingOwner> pending_owners_;
};

}  // namespace portend::capi
