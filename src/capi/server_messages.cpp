// SPDX-License-Identifier: MIT
// Messages about servers.
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "capi/server.hpp"
#include "net/ascii.hpp"
#include "net/utf8.hpp"

namespace portend::capi {

namespace {

constexpr std::size_t shown_lines = 10;
constexpr std::size_t longest_line = 200;
constexpr std::size_t kept_output = 8192;
constexpr int first_status_of_signals = 128;

std::string port_text(const server::Server& server) { return "port " + std::to_string(server.port()); }

std::string process_text(const server::Report& report) { return "process " + std::to_string(report.pid); }

/// Returns "; its last output:" and the lines.
std::string last_output(const server::Report& report) {
  const auto output = output_lines(report.output);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < output.size();) {
    const auto end = std::min(output.find('\n', begin), output.size());
    const auto line = net::printable(output.substr(begin, end - begin), longest_line);
    if (!line.empty()) lines.push_back(line);
    begin = end + 1;
  }
  if (lines.empty()) return "; it wrote nothing";
  std::string text = "; its last output:";
  const auto first = lines.size() > shown_lines ? lines.size() - shown_lines : 0;
  for (auto i = first; i < lines.size(); ++i) text += "\n  " + lines[i];
  return text;
}

std::string exit_text(const server::Report& report) {
  if (!report.exit) return process_text(report) + " was killed with its supervisor";
  if (report.exit->signal == 0) {
    return process_text(report) + " exited with code " + std::to_string(report.exit->code);
  }
  const auto signal = report.exit->signal;
  return process_text(report) + " was ended by signal " + std::to_string(signal) + " (" + strsignal(signal) +
         ")";
}

/// Advice for a program that reports its port as in use, because of the reservation.
std::string reservation_hint(const server::Server& server, const server::Report& report) {
  if (server.options().fixed_port != 0 || !server.options().reserved) return "";
  const auto output = net::lower_case(report.output);
  const std::array texts{"already in use", "address in use", "addrinuse"};
  const bool is_in_use =
      std::ranges::any_of(texts, [&](const char* text) { return output.find(text) != output.npos; });
  return is_in_use ? "; if it does not set SO_REUSEADDR, start it without the reservation of its port" : "";
}

std::string explain_timeout(const server::Server& server, const server::Report& report) {
  auto text = process_text(report) + " does not listen there yet";
  if (server.has_other_owner()) {
    text += ", but a process that it did not start does: allow any owner if that process is to serve";
  } else if (const auto other = server.other_port()) {
    text += ", but on port " + std::to_string(*other) +
            ": pass it the port as $PORT or {port}, or allow any port";
  } else {
    text += ": raise the timeout, or pass it the port as $PORT or {port}";
  }
  return text + last_output(report);
}

}  // namespace

int shell_status(const os::ProgramExit& exit) {
  return exit.signal != 0 ? first_status_of_signals + exit.signal : exit.code;
}

std::string output_lines(const std::string& output) {
  auto text = output;
  if (text.size() == kept_output) {
    const auto newline = text.find('\n');
    if (newline != std::string::npos && newline + 1 < text.size()) text.erase(0, newline + 1);
  }
  std::ranges::replace(text, '\0', '?');
  return text;
}

std::string explain_start(const server::Server& server, const os::StartError& error) {
  const auto& options = server.options();
  const std::string subject = net::printable(options.shown_name()) + " not started: ";
  const std::string reason = error.code().message();
  switch (error.step()) {
    case os::StartStep::change_directory:
      return subject + "its directory " + net::printable(options.directory) + " cannot be entered (" +
             reason + ")";
    case os::StartStep::execute:
      return subject + net::printable(options.command.front()) + " cannot be executed (" + reason +
             "); check the command and PATH";
    case os::StartStep::fork:
    case os::StartStep::none:
      break;
  }
  return subject + "the system refused a process (" + reason + ")";
}

std::string explain_unready(const server::Server& server, server::Readiness readiness) {
  const auto subject =
      net::printable(server.options().shown_name()) + " not ready on " + port_text(server) + ": ";
  const auto report = server.report();
  switch (readiness) {
    case server::Readiness::exited:
      return subject + exit_text(report) + reservation_hint(server, report) + last_output(report);
    case server::Readiness::timed_out:
      return subject + explain_timeout(server, report);
    case server::Readiness::canceled:
    case server::Readiness::interrupted:
    case server::Readiness::ready:
      break;
  }
  return subject + "the wait was canceled";
}

std::string explain_unstopped(const server::Server& server, server::Stop stop) {
  const auto subject = net::printable(server.options().shown_name()) + " not stopped: ";
  if (stop == server::Stop::process_left) {
    return subject + "process " + std::to_string(server.report().left_behind) +
           " did not end after SIGKILL; see its state by ps(1)";
  }
  return subject + port_text(server) +
         " is still occupied, by a process that the server did not start; find it by 'portend who " +
         std::to_string(server.port()) + "'";
}

}  // namespace portend::capi
