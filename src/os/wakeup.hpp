// SPDX-License-Identifier: MIT
// A descriptor that a thread or a signal handler can make readable.
#pragma once

#include "os/descriptor.hpp"

namespace portend::os {

class Wakeup {
 public:
  Wakeup();

  /// Safe in any thread and in a signal handler; keeps errno.
  void raise() const noexcept;
  void clear() const noexcept;
  [[nodiscard]] int descriptor() const { return reading_.get(); }

 private:
  Descriptor reading_;
  Descriptor writing_;  // unused if one descriptor does both
};

}  // namespace portend::os
