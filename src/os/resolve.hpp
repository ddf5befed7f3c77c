// SPDX-License-Identifier: MIT
// The resolver of the system. It may block for any time.
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
  std::string error_text;  // as the resolver reports it
};

Resolution resolve(const std::string& host);

}  // namespace portend::os
