// SPDX-License-Identifier: MIT
#include "os/linux/process_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>

#include "os/descriptor.hpp"
#include "os/linux/text_file.hpp"
#include "os/process.hpp"

namespace portend::os {

namespace {

std::string path_of(std::int64_t pid, const char* file) { return "/proc/" + std::to_string(pid) + file; }

/// The arguments, each with a NUL behind it; some processes write a text without NULs there instead. Of a
/// huge one only the beginning is read.
std::string command_line_of(std::int64_t pid) {
  const Descriptor file(open(path_of(pid, "/cmdline").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 8192> room;
  ssize_t count = 0;
  do {
    count = file ? read(file.get(), room.data(), room.size()) : 0;
  } while (count < 0 && errno == EINTR);
  std::string text(room.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  text.erase(text.find_last_not_of('\0') + 1);
  std::ranges::replace(text, '\0', ' ');
  return text;
}

}  // namespace

ProcessStat process_stat(std::int64_t pid) {
  const auto line = read_text(path_of(pid, "/stat")).value_or("");
  // The name in front may hold anything, even parentheses.
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  ProcessStat stat;
  std::string skipped;
  fields >> skipped >> stat.parent;
  for (int field = 5; field < 22; ++field) fields >> skipped;
  fields >> stat.start_time;
  return stat;
}

std::string process_name(std::int64_t pid) {
  const auto text = read_text(path_of(pid, "/comm")).value_or("");
  return text.substr(0, text.find_last_not_of('\n') + 1);
}

ProcessDetails process_details(std::int64_t pid) {
  return {
      .parent = process_stat(pid).parent, .name = process_name(pid), .command_line = command_line_of(pid)};
}

}  // namespace portend::os
