// SPDX-License-Identifier: MIT
#include "os/forwarding.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "os/descriptor.hpp"

namespace portend::os {

bool tracks_connections() noexcept {
  const Descriptor count(open("/proc/sys/net/netfilter/nf_conntrack_count", O_RDONLY | O_CLOEXEC));
  char first_digit = '0';
  return count && read(count.get(), &first_digit, 1) == 1 && first_digit != '0';
}

}  // namespace portend::os
