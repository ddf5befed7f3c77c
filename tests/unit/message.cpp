// SPDX-License-Identifier: MIT
#include "capi/message.hpp"

#include <unistd.h>

#include "os/socket.hpp"
#include "support/unit.hpp"
#include "support/ways.h"

using namespace portend;
using capi::Message;

namespace {

/// A port of this process that listens, or does not.
struct Port {
  explicit Port(bool listens) : socket(os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {})) {
    expect(os::bind(socket, {os::loopback4, 0}) == os::Binding::bound);
    if (listens) os::listen(socket, 1);
  }
  [[nodiscard]] os::Endpoint where() const { return {os::loopback4, os::bound_port(socket)}; }

  os::Descriptor socket;
};

void skip_where_nobody_tells() {
  if (is_portable()) throw test::Skipped{"this build does not tell who listens"};
}

std::string own_name() { return "held by unit_message, pid " + std::to_string(getpid()); }

void sentences_are_put_together() {
  Message message("one");
  message += " and ";
  message += Message(std::string("two"));
  expect_equal(message.text(), std::string("one and two"));
  expect(!message.empty());
  expect(Message().empty() && Message("").empty());
  expect_equal(Message().text(), std::string());
}

void a_question_without_an_answer_says_something_else() {
  const Port port(false);
  Message message("Port in use. (");
  message += Message::owner_of(port.where(), "somebody listens there");
  message += ")";
  expect_equal(message.text(), std::string("Port in use. (somebody listens there)"));
}

void a_question_is_answered_when_the_sentence_is_read() {
  skip_where_nobody_tells();
  Message message("(");
  {
    const Port port(true);
    message += Message::owner_of(port.where(), "nobody");
    message += ")";
    expect_equal(message.text(), "(" + own_name() + ")");
  }
  expect_equal(message.text(), std::string("(nobody)"));
}

void every_question_is_answered_in_its_place() {
  skip_where_nobody_tells();
  const Port open(true);
  const Port closed(false);
  Message inner("<");
  inner += Message::owner_of(open.where(), "a longer text than what replaces it, as it may well be");
  inner += "|";
  inner += Message::owner_of(closed.where(), "x");
  inner += ">";
  Message outer("begin ");
  outer += inner;
  outer += inner;
  outer += Message::owner_of(open.where(), "");
  const auto once = "<" + own_name() + "|x>";
  expect_equal(outer.text(), "begin " + once + once + own_name());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(sentences_are_put_together),
      unit(a_question_without_an_answer_says_something_else),
      unit(a_question_is_answered_when_the_sentence_is_read),
      unit(every_question_is_answered_in_its_place),
  };
  return cmocka_run_group_tests_name("capi/message", tests, nullptr, nullptr);
}
