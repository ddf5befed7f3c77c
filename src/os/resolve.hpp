// SPDX-License-Identifier: MIT
// The system's resolver. It blocks for as long as it likes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/address.hpp"

namespace portend::os {

struct Resolution {
  enum class Verdict : std::uint8_t { found, no_such_name, try_again, failed };

  Verdict verdict = Verdict::failed;
  std::vector<Ip> addresses;
  std::string error_text;  // the resolver's own words
};

Resolution resolve(const std::string& host);

}  // namespace portend::os
