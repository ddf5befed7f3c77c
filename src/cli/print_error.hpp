// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <portend/portend.h>

namespace portend::cli {

/// Writes a message on stderr.
void print_error(std::string_view message);

/// What the library says of its last failure, as an exception for what a command cannot go on
/// with.
struct LibraryFailure {
  portend_status status;
  std::string message;
};

/// Throws LibraryFailure for anything but success.
void check(portend_status status);

}  // namespace portend::cli
