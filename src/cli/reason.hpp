// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <portend/portend.h>

namespace portend::cli {

/// Explains the state of a target for people: "refused by 10.0.0.7", "no answer from 10.0.0.7".
std::string describe(portend_reason reason, const std::string& address);

}  // namespace portend::cli
