// SPDX-License-Identifier: MIT
// Any command line must be accepted, or refused with a message. No other exception may be thrown.
#include <cstdint>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/duration.hpp"
#include "cli/grammar.hpp"
#include "cli/plan.hpp"
#include "cli/port_arguments.hpp"
#include "require.hpp"

namespace {

using namespace portend::cli;

/// Splits the input after each NUL, as the kernel passes arguments.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c != '\0') {
      word += c;
      continue;
    }
    words.push_back(word);
    word.clear();
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

void require_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  REQUIRE(duration.has_value() == (text != "inf"));
  REQUIRE(!duration || *duration >= 0);
  REQUIRE(parse_timeout(text) >= PORTEND_FOREVER);
}

void use(const WaitOptions& options) {
  require_duration(options.timeout);
  if (options.interval) require_duration(*options.interval);
  if (options.connect_timeout) require_duration(*options.connect_timeout);
  if (options.pid) REQUIRE(parse_pid(*options.pid) > 0);
  for (const auto& target : parse_plan(options.words)) {
    REQUIRE(target.port >= 1 && target.port <= 65535 && !target.host.empty() && !target.text.empty());
    REQUIRE(portend::net::is_utf8(target.text) && !portend::net::has_control_characters(target.text));
    REQUIRE(target.wanted != PORTEND_STATE_UNKNOWN);
  }
}

void use(const WatchOptions& options) {
  require_duration(options.timeout);
  if (options.count) REQUIRE(parse_count(*options.count, 100) >= 1);
  for (const auto& text : options.targets) REQUIRE(parse_target(text).port >= 1);
}

void use(const FindOptions& options) {
  if (options.count) REQUIRE(parse_count(*options.count) >= 1);
  if (options.from) REQUIRE(parse_port(*options.from) >= 1);
  if (options.range) {
    const auto [first, last] = parse_range(*options.range);
    REQUIRE(1 <= first && first <= last && last <= 65535);
  }
  for (const auto& ports : options.preferred) REQUIRE(parse_range(ports).second <= 65535);
  for (const auto& ports : options.excluded) REQUIRE(parse_range(ports).first >= 1);
}

void use(const CommandLine& line) {
  if (line.answer) {
    REQUIRE(!line.answer->empty() && line.answer->back() == '\n');
    return;
  }
  REQUIRE(!(line.wait.ipv4 && line.wait.ipv6));
  use(line.wait);
  use(line.find);
  for (const auto& ports : line.who.ports) REQUIRE(parse_ports(ports).last <= 65535);
  for (const auto& port : line.kill.ports) REQUIRE(parse_port_or_service(port) <= 65535);
  use(line.watch);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto words = split({reinterpret_cast<const char*>(data), size});
  try {
    use(parse(words));
  } catch (const UsageError& error) {
    portend::fuzz::require_message(error.what());
  }
  return 0;
}
