// SPDX-License-Identifier: MIT
#include "signals.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <csignal>
#include <string_view>
#include <utility>

#include "arguments.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

/// Signals that end a process, notify it, stop it or continue it.
constexpr std::array signals{
    std::pair("HUP", SIGHUP),   std::pair("INT", SIGINT),   std::pair("QUIT", SIGQUIT),
    std::pair("ABRT", SIGABRT), std::pair("KILL", SIGKILL), std::pair("USR1", SIGUSR1),
    std::pair("USR2", SIGUSR2), std::pair("ALRM", SIGALRM), std::pair("TERM", SIGTERM),
    std::pair("CONT", SIGCONT), std::pair("STOP", SIGSTOP), std::pair("TSTP", SIGTSTP)};

using Named = std::pair<const char*, int>;

std::string upper_case(std::string text) {
  for (auto& letter : text) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return text;
}

int last_signal() {
#ifdef SIGRTMAX
  return SIGRTMAX;
#else
  return NSIG - 1;
#endif
}

}  // namespace

int parse_signal(const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end && number >= 1 && number <= last_signal()) return number;
  auto name = upper_case(text);
  if (name.starts_with("SIG")) name.erase(0, 3);
  const auto* const found = std::ranges::find(signals, std::string_view(name), &Named::first);
  if (found != signals.end()) return found->second;
  throw UsageError("'" + printable(text) +
                   "' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to " +
                   std::to_string(last_signal()) + ".");
}

std::string signal_text(int signal) {
  const auto* const found = std::ranges::find(signals, signal, &Named::second);
  return found == signals.end() ? std::to_string(signal) : found->first;
}

}  // namespace portend::cli
