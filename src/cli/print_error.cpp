// SPDX-License-Identifier: MIT
#include "print_error.hpp"

#include <cstdio>

namespace portend::cli {

void print_error(std::string_view message) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
}

void check(portend_status status) {
  if (status != PORTEND_OK) throw LibraryFailure{status, portend_last_error()};
}

}  // namespace portend::cli
