// SPDX-License-Identifier: MIT
#include "complain.hpp"

#include <cstdio>

namespace portend::cli {

void complain(std::string_view sentence) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

void check(portend_status status) {
  if (status != PORTEND_OK) throw LibraryFailure{status, portend_last_error()};
}

}  // namespace portend::cli
