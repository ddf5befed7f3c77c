// SPDX-License-Identifier: MIT
#include "capi/message.hpp"

#include <unistd.h>

#include <limits>

#include "os/socket.hpp"
#include "support/unit.hpp"
#include "support/ways.h"

using namespace portend;
using capi::Message;

namespace {

/// A port of this process, which listens or does not.
struct Port {
  explicit Port(bool listens) : socket(os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {})) {
    expect(os::bind(socket, {os::loopback4, 0}) == os::Binding::bound);
    if (listens) os::listen(socket, 1);
  }
  [[nodiscard]] os::Endpoint where() const { return {os::loopback4, os::bound_port(socket)}; }

  os::Descriptor socket;
};

void skip_without_owners() {
  if (is_portable()) throw test::Skipped{"this build does not tell which process listens"};
}

std::string own_listener() {
  return "unit_message, pid " + std::to_string(getpid()) + ", listens on 127.0.0.1";
}

void parts_are_put_together() {
  Message message("one");
  message << " and " << std::string("two") << ", " << 3 << ", " << std::numeric_limits<std::uint64_t>::max();
  expect_equal(message.text(), std::string("one and two, 3, 18446744073709551615"));
  expect(!message.empty());
  expect(Message().empty() && Message("").empty());
  expect_equal(Message().text(), std::string());
}

void without_a_listener_it_says_something_else() {
  const Port port(false);
  Message message("Port in use. (");
  message << "a listener";
  message.prefer_listener(14, port.where());
  message << ")";
  message.note_sockets();
  expect_equal(message.text(), std::string("Port in use. (a listener)"));
}

/// By the time the message is read, another process may have the port; the message must not name it.
void it_is_about_the_socket_of_when_it_was_noted() {
  skip_without_owners();
  Message message("(");
  std::uint16_t number = 0;
  {
    const Port port(true);
    number = port.where().port;
    message << "a listener";
    message.prefer_listener(1, port.where());
    message << ")";
    message.note_sockets();
    expect_equal(message.text(), "(" + own_listener() + ")");
  }
  const auto later = os::bindable_socket(os::Family::ipv4, os::Transport::tcp, {.reuse_address = true});
  expect(os::bind(later, {os::loopback4, number}) == os::Binding::bound);
  os::listen(later, 1);
  expect_equal(message.text(), std::string("(a listener)"));
}

void every_listener_is_named_in_its_place() {
  skip_without_owners();
  const Port open(true);
  const Port closed(false);
  Message message("<");
  message << "a longer text than what replaces it, as it may well be";
  message.prefer_listener(1, open.where());
  message << "|";
  const auto second = message.size();
  message << "x";
  message.prefer_listener(second, closed.where());
  message << ">";
  message.prefer_listener(message.size(), open.where());
  message.note_sockets();
  expect_equal(message.text(), "<" + own_listener() + "|x>" + own_listener());
}

void a_listener_on_another_address_is_mentioned() {
  skip_without_owners();
  const Port open(true);
  Message message("refused");
  message.mention_other_listener({{os::Family::ipv4, 0, {127, 0, 0, 2}}, open.where().port});
  message.note_sockets();
  expect_equal(message.text(), "refused; a listener on 127.0.0.1, unit_message, pid " +
                                   std::to_string(getpid()) + ", does not serve 127.0.0.2");
  Message none("refused");
  none.mention_other_listener(open.where());
  none.note_sockets();
  expect_equal(none.text(), std::string("refused"));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(parts_are_put_together),
      unit(without_a_listener_it_says_something_else),
      unit(it_is_about_the_socket_of_when_it_was_noted),
      unit(every_listener_is_named_in_its_place),
      unit(a_listener_on_another_address_is_mentioned),
  };
  return cmocka_run_group_tests_name("capi/message", tests, nullptr, nullptr);
}
