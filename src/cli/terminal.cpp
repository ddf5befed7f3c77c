// SPDX-License-Identifier: MIT
#include "terminal.hpp"

#include <sys/ioctl.h>

namespace portend::cli {

TerminalSize terminal_size(int descriptor) {
  winsize size{};
  TerminalSize result;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return result;
  if (size.ws_row > 0) result.rows = size.ws_row;
  if (size.ws_col > 0) result.columns = size.ws_col;
  return result;
}

}  // namespace portend::cli
