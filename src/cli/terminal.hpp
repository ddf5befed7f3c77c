// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace portend::cli {

struct TerminalSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// The size of the terminal at a descriptor; 24 by 80 if it is unknown.
TerminalSize terminal_size(int descriptor);

}  // namespace portend::cli
