// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace portend::cli {

/// The text around the list of options, for the wait ("") or another command.
struct HelpText {
  std::string_view usage;
  std::string_view footer;
};

HelpText help_text(std::string_view verb);

/// The complete help of a command (--help), at most 80 columns wide.
std::string help(const CLI::App& app);

/// The short help (-h), which has at most 24 lines.
std::string short_help(const CLI::App& app);

}  // namespace portend::cli
