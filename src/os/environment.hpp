// SPDX-License-Identifier: MIT
// Environment variables that this library obeys.
#pragma once

namespace portend::os {

/// The value of a variable; nullptr if it is not set, or if the program has privileges that its caller lacks
/// (set-user-ID, file capabilities): such a caller must not steer it.
const char* trusted_environment(const char* name) noexcept;

}  // namespace portend::os
