// SPDX-License-Identifier: MIT
#include "os/linux/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/descriptor.hpp"

namespace portend::os {

std::optional<std::string> read_text(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  std::string text;
  std::array<char, 16384> room;
  for (;;) {
    const auto count = read(file.get(), room.data(), room.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return {};  // the caller would take a part for the whole
    if (count == 0) return text;
    text.append(room.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace portend::os
