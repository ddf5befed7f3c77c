// SPDX-License-Identifier: MIT
#include "capi/sentence.hpp"

#include "net/utf8.hpp"
#include "ports/listeners.hpp"

namespace portend::capi {

Sentence& Sentence::operator+=(const Sentence& more) {
  const auto offset = text_.size();
  text_ += more.text_;
  for (auto question : more.questions_) {
    question.begin += offset;
    question.end += offset;
    questions_.push_back(question);
  }
  return *this;
}

Sentence Sentence::holder_of(const os::Endpoint& where, const std::string& otherwise) {
  Sentence part(otherwise);
  part.questions_.push_back({.begin = 0, .end = otherwise.size(), .where = where});
  return part;
}

std::string Sentence::text() const {
  std::string answered;
  std::size_t done = 0;
  for (const auto& question : questions_) {
    const auto holder = ports::holder(question.where);
    if (!holder) continue;
    answered += text_.substr(done, question.begin - done);
    answered += "held by " + net::printable(holder->name) + ", pid " + std::to_string(holder->pid);
    done = question.end;
  }
  return answered + text_.substr(done);
}

}  // namespace portend::capi
