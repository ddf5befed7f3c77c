// SPDX-License-Identifier: MIT
#include "net/target.hpp"

#include <optional>
#include <stdexcept>

#include "net/host.hpp"
#include "support/unit.hpp"

using namespace portend;

namespace {

std::optional<net::Target> parsed(const std::string& text) {
  try {
    return net::parse_target(text);
  } catch (const std::invalid_argument& failure) {
    const std::string message = failure.what();
    expect(message.find(" is not a target: ") != message.npos && message.ends_with('.'));
    return {};
  }
}

/// A parsed target must format to a text that parses to the same host and port.
void expect_round_trip(const std::string& text) {
  const auto target = parsed(text);
  if (!target) return;
  expect(target->port >= 1 && !net::validate_host(target->host));
  const auto again = parsed(net::format_target(target->host, target->port));
  expect(again && again->port == target->port);
  expect_equal(again->host, std::string(net::client_host(target->host.c_str())));
}

/// All texts of at most `more` further characters from this set.
void each_text(const std::string& characters, std::size_t more, const std::string& so_far, int& targets) {
  expect_round_trip(so_far);
  targets += parsed(so_far).has_value() ? 1 : 0;
  if (more == 0) return;
  for (const char c : characters) each_text(characters, more - 1, so_far + c, targets);
}

void every_short_text_is_a_target_that_can_be_made_again_or_none() {
  int targets = 0;
  each_text(":[]1a.%", 6, "", targets);
  expect(targets > 1000);
}

void every_short_url_is_a_target_that_can_be_made_again_or_none() {
  int targets = 0;
  each_text(":[]1a.%/@*", 4, "http://", targets);
  expect(targets > 500);
}

void every_port_can_be_parsed() {
  for (int port = -1; port <= 70000; ++port) {
    const auto target = parsed("h:" + std::to_string(port));
    expect_equal(target.has_value(), port >= 1 && port <= 65535);
    if (target) expect_equal(static_cast<int>(target->port), port);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(every_short_text_is_a_target_that_can_be_made_again_or_none),
      unit(every_short_url_is_a_target_that_can_be_made_again_or_none),
      unit(every_port_can_be_parsed),
  };
  return cmocka_run_group_tests_name("net/target", tests, nullptr, nullptr);
}
