// SPDX-License-Identifier: MIT
#include "capi/message.hpp"

#include "net/utf8.hpp"
#include "ports/listener_owner.hpp"

namespace portend::capi {

Message& Message::operator+=(const Message& more) {
  const auto offset = text_.size();
  text_ += more.text_;
  for (auto question : more.pending_owners_) {
    question.begin += offset;
    question.end += offset;
    pending_owners_.push_back(question);
  }
  return *this;
}

Message Message::owner_of(const os::Endpoint& where, const std::string& otherwise) {
  Message part(otherwise);
  part.pending_owners_.push_back({.begin = 0, .end = otherwise.size(), .where = where});
  return part;
}

std::string Message::text() const {
  std::string answered;
  std::size_t done = 0;
  for (const auto& question : pending_owners_) {
    const auto holder = ports::listener_owner(question.where);
    if (!holder) continue;
    answered += text_.substr(done, question.begin - done);
    answered += "held by " + net::printable(holder->name) + ", pid " + std::to_string(holder->pid);
    done = question.end;
  }
  return answered + text_.substr(done);
}

}  // namespace portend::capi
