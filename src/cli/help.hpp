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

/// The help of a verb: at most 80 columns wide.
std::string help(const CLI::App& app);

}  // namespace portend::cli
