// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <portend/portend.h>

namespace portend::cli {

/// Writes a message to stderr.
void print_error(std::string_view message);

/// The last failure of the library, as an exception that ends a command.
struct LibraryFailure {
  portend_status status;
  std::string message;
};

/// Throws LibraryFailure unless the status is success.
void check(portend_status status);

}  // namespace portend::cli
