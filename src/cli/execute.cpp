// SPDX-License-Identifier: MIT
#include "execute.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "exit_codes.hpp"
#include "print_error.hpp"
#include "text.hpp"

namespace portend::cli {

int execute(const Command& command) {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments.front(), arguments.data());
  const int error = errno;
  print_error("portend: " + printable(command.front()) + ": " + std::strerror(error));
  return error == ENOENT ? exit_no_such_command : exit_cannot_execute;
}

}  // namespace portend::cli
