// SPDX-License-Identifier: MIT
#include "run_lines.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

#include "text.hpp"

namespace portend::cli {

namespace {

constexpr std::size_t longest_name = 40;

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '-';
}

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\r";
  const auto begin = text.find_first_not_of(blanks);
  return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Returns "web" for "web: command"; empty if there is no name. In a Procfile no blank is needed.
std::string name_of(const std::string& line, bool needs_blank) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0 || colon > longest_name) return "";
  const bool is_name =
      std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), is_name_letter);
  const bool has_blank = colon + 1 < line.size() && (line[colon + 1] == ' ' || line[colon + 1] == '\t');
  return is_name && (has_blank || !needs_blank) ? line.substr(0, colon) : "";
}

/// Returns the name of the program: the first word except assignments, "exec" and "env".
std::string program_name(const std::string& command) {
  std::istringstream words(command);
  std::string word;
  while (words >> word) {
    if (word == "exec" || word == "env" || word.find('=') != word.npos) continue;
    std::string name;
    for (const char letter : word.substr(word.rfind('/') + 1)) {
      if (is_name_letter(letter) || letter == '.') name += letter;
    }
    if (!name.empty()) return name.substr(0, longest_name);
  }
  return "server";
}

/// Converts "web-2" to WEB_2_PORT.
std::string port_variable(const std::string& name) {
  std::string variable = std::isdigit(static_cast<unsigned char>(name.front())) != 0 ? "_" : "";
  for (const char letter : name) {
    const auto value = static_cast<unsigned char>(letter);
    variable += std::isalnum(value) != 0 ? static_cast<char>(std::toupper(value)) : '_';
  }
  return variable + "_PORT";
}

bool uses(const std::string& command, const std::string& variable) {
  return command.find("$" + variable) != command.npos || command.find("${" + variable) != command.npos ||
         command.find("{port}") != command.npos;
}

void add_line(std::vector<ServerLine>& lines, const std::string& text, bool from_file) {
  ServerLine line;
  const auto given = name_of(text, !from_file);
  line.command = given.empty() ? text : trimmed(text.substr(given.size() + 1));
  if (line.command.empty()) {
    throw UsageError("'" + printable(text) + "' has no command: write 'NAME: COMMAND'.");
  }
  line.name = given.empty() ? program_name(line.command) : given;
  const auto is_called = [&](const std::string& name) {
    return std::ranges::find(lines, name, &ServerLine::name) != lines.end();
  };
  if (!given.empty() && is_called(given)) {
    throw UsageError("There are two servers called " + given + ": give them different names.");
  }
  const auto base = line.name;
  for (int number = 2; is_called(line.name); ++number) line.name = base + "-" + std::to_string(number);
  line.variable = port_variable(line.name);
  line.takes_port = uses(line.command, "PORT") || uses(line.command, line.variable);
  lines.push_back(std::move(line));
}

void add_file(std::vector<ServerLine>& lines, const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw UsageError(printable(path) + " cannot be read (" + std::strerror(errno) + "): name a Procfile.");
  }
  std::string text;
  while (std::getline(file, text)) {
    text = trimmed(text);
    if (!text.empty() && text.front() != '#') add_line(lines, text, true);
  }
}

/// Returns the server that the value of an option names.
ServerLine& named(std::vector<ServerLine>& lines, const std::string& name, const std::string& option) {
  const auto line = std::ranges::find(lines, name, &ServerLine::name);
  if (line == lines.end()) throw UsageError(option + ": no server is called " + printable(name) + ".");
  return *line;
}

/// Parses "[NAME=]PORT".
void prefer_port(std::vector<ServerLine>& lines, const std::string& text) {
  const auto equals = text.find('=');
  const int port = parse_port(equals == text.npos ? text : text.substr(equals + 1));
  auto& line =
      equals == text.npos ? lines.front() : named(lines, text.substr(0, equals), "--port " + printable(text));
  line.preferred_port = port;
}

}  // namespace

std::vector<ServerLine> server_lines(const RunOptions& options) {
  std::vector<ServerLine> lines;
  if (options.file) add_file(lines, *options.file);
  for (const auto& text : options.servers) add_line(lines, trimmed(text), false);
  if (lines.empty()) {
    throw UsageError("No server is given: write -s 'COMMAND', or -f PROCFILE.");
  }
  for (const auto& text : options.ports) prefer_port(lines, text);
  for (const auto& name : options.any_owner) named(lines, name, "--any-owner").any_owner = true;
  for (const auto& name : options.unreserved) named(lines, name, "--no-reserve").reserved = false;
  return lines;
}

}  // namespace portend::cli
