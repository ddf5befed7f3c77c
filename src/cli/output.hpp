// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace portend::cli {

/// Writes on stdout, at once. Throws LibraryFailure if it cannot be written.
void print(const std::string& text);

/// Prints JSON in one line. Bytes that are not UTF-8, as in the name of a process, are replaced.
void print_json(const nlohmann::ordered_json& json);

/// Whether the reader of stdout has closed its end.
bool reader_is_gone();

/// Dies of SIGPIPE, as a program does whose reader has closed its end. Throws LibraryFailure where that
/// signal is ignored.
[[noreturn]] void die_of_sigpipe();

/// Gives stdin, stdout and stderr a place if they are closed, so that nothing else is opened
/// there and written into. A command that is executed finds them closed as they were.
void occupy_standard_descriptors();

}  // namespace portend::cli
