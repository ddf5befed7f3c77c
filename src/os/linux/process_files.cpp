// SPDX-License-Identifier: MIT
#include "os/linux/process_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>

#include "os/descriptor.hpp"
#include "os/linux/text_file.hpp"
#include "os/process.hpp"

namespace portend::os {

namespace {

using Directory = std::unique_ptr<DIR, decltype([](DIR* open) { closedir(open); })>;

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// Parses the target of a link, such as "socket:[12345]".
std::optional<std::uint64_t> socket_inode(int directory, const char* name) {
  std::array<char, 64> room{};
  const ssize_t length = readlinkat(directory, name, room.data(), room.size());
  if (length <= 0) return {};
  std::string_view link(room.data(), static_cast<std::size_t>(length));
  constexpr std::string_view prefix = "socket:[";
  if (!link.starts_with(prefix) || !link.ends_with(']')) return {};
  link.remove_prefix(prefix.size());
  link.remove_suffix(1);
  return number<std::uint64_t>(link);
}

bool is_refusal(int error) { return error == EACCES || error == EPERM; }

std::string path_of(std::int64_t pid, const char* file) { return "/proc/" + std::to_string(pid) + file; }

std::vector<std::int64_t> numbered_entries(const std::string& path) {
  std::vector<std::int64_t> numbers;
  const Directory directory(opendir(path.c_str()));
  while (const auto* entry = directory ? readdir(directory.get()) : nullptr) {
    if (const auto value = number<std::int64_t>(entry->d_name)) numbers.push_back(*value);
  }
  return numbers;
}

/// The arguments are separated by NUL. Some processes overwrite them with a plain text. Of a very long
/// command line only the beginning is read.
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
  // The process name comes first, and may contain any bytes, even parentheses.
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

std::vector<std::int64_t> process_ids() { return numbered_entries("/proc"); }

std::vector<std::int64_t> thread_ids(std::int64_t pid) { return numbered_entries(path_of(pid, "/task")); }

std::optional<std::vector<std::uint64_t>> process_sockets(std::int64_t pid) {
  std::vector<std::uint64_t> inodes;
  errno = 0;
  const Directory descriptors(opendir(path_of(pid, "/fd").c_str()));
  bool is_refused = !descriptors && is_refusal(errno);
  while (const auto* entry = descriptors ? readdir(descriptors.get()) : nullptr) {
    errno = 0;
    const auto inode = socket_inode(dirfd(descriptors.get()), entry->d_name);
    // Without CAP_SYS_PTRACE, the superuser may list the descriptors of other users but not read them.
    is_refused = is_refused || is_refusal(errno);
    if (inode) inodes.push_back(*inode);
  }
  if (is_refused) return {};
  return inodes;
}

}  // namespace portend::os
