// SPDX-License-Identifier: MIT
// Environment variables that this library obeys.
#pragma once

namespace portend::os {

/// Returns the value of a variable. nullptr if it is not set, or if the program has privileges that its
/// caller lacks (set-user-ID, file capabilities): such a caller must not control it.
const char* trusted_environment(const char* name) noexcept;

}  // namespace portend::os
