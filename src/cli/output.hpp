// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace portend::cli {

/// Writes on stdout, at once. Throws LibraryFailure if it cannot be written.
void print(const std::string& text);

/// Prints JSON in one line. What is no UTF-8, as the name of a process may be, is replaced.
void print_json(const nlohmann::ordered_json& json);

/// Whether nobody reads any more what is written on stdout.
bool reader_is_gone();

/// Dies as a program does that writes for nobody. Throws LibraryFailure where that signal is
/// ignored.
[[noreturn]] void die_of_sigpipe();

/// Gives stdin, stdout and stderr a place if they are closed, so that nothing else is opened
/// there and written into. A command that is executed finds them closed as they were.
void occupy_standard_descriptors();

}  // namespace portend::cli
