// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace portend::cli {

struct TerminalSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// The size of the terminal that a descriptor is; 24 by 80 for one that does not tell.
TerminalSize terminal_size(int descriptor);

}  // namespace portend::cli
