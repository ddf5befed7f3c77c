// SPDX-License-Identifier: MIT
// A table for people.
#pragma once

#include <string>
#include <vector>

namespace portend::cli {

/// The first row contains the headings. All rows have the same length. The last column is not padded.
using Rows = std::vector<std::vector<std::string>>;

/// Formats the rows as lines with aligned columns.
std::vector<std::string> aligned(const Rows& rows);

/// Prints the rows with aligned columns. On a terminal, lines are truncated to its width.
void print_table(const Rows& rows);

}  // namespace portend::cli
