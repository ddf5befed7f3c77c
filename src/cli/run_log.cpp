// SPDX-License-Identifier: MIT
#include "run_log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

#include <nlohmann/json.hpp>

#include "exit_codes.hpp"
#include "output.hpp"
#include "print_error.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr std::array colors{"\033[36m", "\033[33m", "\033[32m", "\033[35m", "\033[34m", "\033[31m"};
constexpr const char* color_end = "\033[0m";
constexpr std::size_t shown_lines = 10;

/// https://no-color.org
bool wants_colors() {
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDERR_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

nlohmann::ordered_json event(const char* what, const std::string& name, portend_server* handle) {
  return {{"event", what},
          {"server", name},
          {"pid", portend_server_pid(handle)},
          {"port", portend_server_port(handle)}};
}

std::vector<std::string> last_lines(const std::string& output) {
  std::vector<std::string> lines;
  std::istringstream text(output);
  for (std::string line; std::getline(text, line);) lines.push_back(printable(line));
  if (lines.size() > shown_lines) lines.erase(lines.begin(), lines.end() - shown_lines);
  return lines;
}

std::string end_text(int status) {
  if (status < 0) return "was killed";
  if (status > exit_by_signal) return "was ended by signal " + std::to_string(status - exit_by_signal);
  return "exited with code " + std::to_string(status);
}

}  // namespace

RunLog::RunLog(const std::vector<ServerLine>& lines, bool json, bool has_command)
    : json_(json), has_command_(has_command), colored_(wants_colors()) {
  for (const auto& line : lines) {
    names_.push_back(line.name);
    width_ = std::max(width_, line.name.size());
  }
}

std::string RunLog::prefix(std::size_t server) const {
  auto text = names_[server];
  text.resize(width_, ' ');
  text += " | ";
  return colored_ ? colors[server % colors.size()] + text + color_end : text;
}

void RunLog::started(std::size_t server, portend_server* handle) const {
  if (json_) print_json(event("started", names_[server], handle));
}

void RunLog::ready(std::size_t server, portend_server* handle, std::int64_t ms) const {
  if (!json_) return;
  auto line = event("ready", names_[server], handle);
  line["ms"] = ms;
  print_json(line);
}

void RunLog::all_ready(const std::vector<portend_server*>& handles) const {
  if (json_ || has_command_) return;
  std::string text = "Ready:";
  for (std::size_t i = 0; i < handles.size(); ++i) {
    text += (i == 0 ? " " : ", ") + names_[i] + " on port " + std::to_string(portend_server_port(handles[i]));
  }
  print(text + "; interrupt to stop.\n");
}

void RunLog::exited(std::size_t server, portend_server* handle) const {
  if (!json_) return;
  auto line = event("exited", names_[server], handle);
  const int status = portend_server_exit_status(handle);
  line["code"] = status >= 0 && status <= exit_by_signal ? nlohmann::ordered_json(status) : nullptr;
  line["signal"] = status > exit_by_signal ? nlohmann::ordered_json(status - exit_by_signal) : nullptr;
  print_json(line);
}

void RunLog::died(std::size_t server, portend_server* handle, bool show_output) const {
  exited(server, handle);
  print_error("portend: " + names_[server] + " ended: process " + std::to_string(portend_server_pid(handle)) +
              " " + end_text(portend_server_exit_status(handle)));
  if (!show_output) return;
  for (const auto& line : last_lines(portend_server_output(handle))) print_error(prefix(server) + line);
}

}  // namespace portend::cli
