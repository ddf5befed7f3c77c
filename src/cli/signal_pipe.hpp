// SPDX-License-Identifier: MIT
#pragma once

namespace portend::cli {

struct SignalPipe {
  int reading = -1;
  int writing = -1;
};

/// Opens a pipe by which handlers of signals wake the program. Neither end blocks, and no child inherits
/// them; they remain open until the process ends. Throws LibraryFailure.
SignalPipe open_signal_pipe();

}  // namespace portend::cli
