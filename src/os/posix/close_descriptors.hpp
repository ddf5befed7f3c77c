// SPDX-License-Identifier: MIT
// Closes what a child of fork(2) has inherited. Async-signal-safe.
#pragma once

#include <span>

namespace portend::os {

/// Closes all descriptors except those of a sorted list, in which -1 stands for none.
void close_all_except(std::span<const int> sorted) noexcept;

/// Closes the open descriptors from `first` to `last`, up to the limit on descriptors.
void close_open(unsigned first, unsigned last) noexcept;

}  // namespace portend::os
