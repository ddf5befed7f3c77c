// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <portend/portend.h>

namespace portend::cli {

/// Writes a sentence on stderr.
void complain(std::string_view sentence);

/// What the library says of its last failure, as an exception for what a command cannot go on
/// with.
struct LibraryFailure {
  portend_status status;
  std::string sentence;
};

/// Throws LibraryFailure for anything but success.
void check(portend_status status);

}  // namespace portend::cli
