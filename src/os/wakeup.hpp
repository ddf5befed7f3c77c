// SPDX-License-Identifier: MIT
// A descriptor that becomes readable when a thread or a signal handler calls.
#pragma once

#include "os/descriptor.hpp"

namespace portend::os {

class Wakeup {
 public:
  Wakeup();

  /// Safe from any thread and from a signal handler; errno is kept.
  void raise() const noexcept;
  void clear() const noexcept;
  [[nodiscard]] int descriptor() const { return reading_.get(); }

 private:
  Descriptor reading_;
  Descriptor writing_;  // unused where one descriptor does both
};

}  // namespace portend::os
