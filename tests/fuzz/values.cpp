// SPDX-License-Identifier: MIT
// Values of the command line: durations, port ranges, lines of a Procfile. The first byte selects one. A
// refusal must have a message, and an accepted value must be in range.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>

#include "cli/arguments.hpp"
#include "cli/duration.hpp"
#include "cli/run_lines.hpp"
#include "require.hpp"

using namespace portend::cli;

namespace {

void use_duration(const std::string& text) {
  const auto microseconds = parse_duration(text);
  const auto milliseconds = parse_timeout(text);
  REQUIRE(microseconds ? *microseconds >= 0 && milliseconds >= *microseconds / 1000 : milliseconds == -1);
  if (!microseconds) return;
  const auto shown = duration_text(*microseconds);
  REQUIRE(!shown.empty() && shown.find('-') == shown.npos);
}

void use_range(const std::string& text) {
  const auto [first, last] = parse_range(text);
  REQUIRE(1 <= first && first <= last && last <= 65535);
}

bool is_variable(const std::string& name) {
  const auto is_letter = [](char letter) {
    return letter == '_' || std::isdigit(static_cast<unsigned char>(letter)) != 0 ||
           std::isupper(static_cast<unsigned char>(letter)) != 0;
  };
  return std::all_of(name.begin(), name.end(), is_letter) &&
         std::isdigit(static_cast<unsigned char>(name[0])) == 0;
}

/// Each line of the input is a line of a Procfile.
void use_lines(const std::string& text) {
  RunOptions options;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != text.npos && options.servers.size() < 20; begin = end + 1) {
    end = text.find('\n', begin);
    options.servers.push_back(text.substr(begin, end == text.npos ? end : end - begin));
  }
  const auto lines = server_lines(options);
  REQUIRE(lines.size() == options.servers.size());
  for (const auto& line : lines) {
    REQUIRE(!line.name.empty() && !line.command.empty() && is_variable(line.variable));
    REQUIRE(std::ranges::count(lines, line.name, &ServerLine::name) == 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 3) {
      case 0:
        use_duration(text);
        break;
      case 1:
        use_range(text);
        break;
      default:
        use_lines(text);
        break;
    }
  } catch (const UsageError& error) {
    portend::fuzz::require_message(error.what());
  }
  return 0;
}
