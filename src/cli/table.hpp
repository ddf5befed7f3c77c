// SPDX-License-Identifier: MIT
// A table for people.
#pragma once

#include <string>
#include <vector>

namespace portend::cli {

/// The first row has the headings. All rows are equally long; the last column is not padded.
using Rows = std::vector<std::vector<std::string>>;

/// The rows as lines with aligned columns.
std::vector<std::string> aligned(const Rows& rows);

/// Prints the rows with aligned columns. On a terminal each line is cut to its width.
void print_table(const Rows& rows);

}  // namespace portend::cli
