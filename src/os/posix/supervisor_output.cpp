// SPDX-License-Identifier: MIT
#include "os/posix/supervisor_output.hpp"

#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "os/posix/send_flags.hpp"

namespace portend::os {

namespace {

bool is_refused_for_now(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// If poll(2) reports a pipe as writable, it takes PIPE_BUF bytes without blocking.
ssize_t write_without_blocking(int fd, const char* data, std::size_t size) noexcept {
  const auto sent = send(fd, data, size, MSG_DONTWAIT | without_sigpipe);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
  if (poll(&writable, 1, 0) != 1) {
    errno = EAGAIN;
    return -1;
  }
  return write(fd, data, std::min<std::size_t>(size, PIPE_BUF));
}

}  // namespace

OutputPump::OutputPump(const SupervisorPlan& plan)
    : state_(*plan.state),
      prefix_(plan.prefix),
      prefix_size_(std::min(plan.prefix_size, longest_prefix)),
      target_(plan.output) {
  start_record();
}

bool OutputPump::pump(int from) noexcept {
  const auto size = read(from, input_.data(), input_.size());
  if (size < 0 && is_refused_for_now(errno)) return false;
  if (size <= 0) {
    errno = EPIPE;
    return false;
  }
  state_.output.append(input_.data(), static_cast<std::size_t>(size));
  input_begin_ = 0;
  input_end_ = static_cast<std::size_t>(size);
  flush();
  return true;
}

void OutputPump::start_record() noexcept {
  std::memcpy(record_.data(), prefix_, prefix_size_);
  record_size_ = prefix_size_;
  written_ = 0;
  record_complete_ = false;
}

/// Moves input to the record, up to the end of a line if output is written by lines.
void OutputPump::fill_record() noexcept {
  const std::size_t room = prefix_size_ + longest_line - record_size_;
  const std::size_t size = std::min(room, input_end_ - input_begin_);
  const char* const begin = input_.data() + input_begin_;
  const void* const newline = prefix_size_ == 0 ? nullptr : std::memchr(begin, '\n', size);
  const std::size_t taken =
      newline == nullptr ? size : static_cast<std::size_t>(static_cast<const char*>(newline) - begin) + 1;
  std::memcpy(record_.data() + record_size_, begin, taken);
  record_size_ += taken;
  input_begin_ += taken;
  record_complete_ = prefix_size_ == 0 || newline != nullptr;
  if (!record_complete_ && record_size_ == prefix_size_ + longest_line) {
    record_[record_size_++] = '\n';
    record_complete_ = true;
  }
}

/// False if the target currently takes no more.
bool OutputPump::write_record() noexcept {
  while (written_ < record_size_ && target_ >= 0) {
    const auto size = write_without_blocking(target_, record_.data() + written_, record_size_ - written_);
    if (size >= 0) {
      written_ += static_cast<std::size_t>(size);
    } else if (!is_refused_for_now(errno)) {
      target_ = -1;  // its reader has closed its end, or the disk is full
    } else if (!may_drop_) {
      return false;
    } else {
      break;
    }
  }
  start_record();
  return true;
}

void OutputPump::flush() noexcept {
  for (;;) {
    if (!record_complete_) {
      if (input_begin_ == input_end_) return;
      fill_record();
    }
    if (record_complete_ && !write_record()) return;
  }
}

void OutputPump::finish_line() noexcept {
  if (record_complete_ || record_size_ == prefix_size_) return;
  record_[record_size_++] = '\n';
  record_complete_ = true;
  flush();
}

}  // namespace portend::os
