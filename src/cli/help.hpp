// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace portend::cli {

/// What stands around the list of options, for the wait ("") or another verb.
struct HelpText {
  std::string_view usage;
  std::string_view footer;
};

HelpText help_text(std::string_view verb);

/// The whole help of a verb (--help), at most 80 columns wide.
std::string help(const CLI::App& app);

/// The short one (-h), which also has at most 24 lines.
std::string short_help(const CLI::App& app);

}  // namespace portend::cli
