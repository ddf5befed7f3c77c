// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace portend::cli {

/// Writes to stdout without buffering. Throws LibraryFailure on failure.
void print(const std::string& text);

/// Prints JSON on one line. Replaces bytes that are not UTF-8, which process names may contain.
void print_json(const nlohmann::ordered_json& json);

/// Whether the reader of stdout has closed its end.
bool reader_is_gone();

/// Ends this process by SIGPIPE, which is usual if the reader has closed its end. Throws LibraryFailure if
/// the signal is ignored.
[[noreturn]] void die_of_sigpipe();

/// Opens stdin, stdout and stderr if they are closed, so that no other file gets their numbers. They are
/// closed again for a command that is executed.
void occupy_standard_descriptors();

}  // namespace portend::cli
