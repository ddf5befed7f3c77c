// SPDX-License-Identifier: MIT
// The program. It uses only the public headers of the library.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "grammar.hpp"
#include "output.hpp"
#include "print_error.hpp"
#include "stop_signals.hpp"

namespace {

using namespace portend::cli;  // not at file scope: its kill() is not that of the system

/// Removes "--" and the command after it from the arguments, and returns the command.
Command split_command(std::vector<std::string>& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  Command command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  if (command.empty()) throw UsageError("The command after -- is missing: write it there, or leave -- out.");
  return command;
}

int run_verb(std::vector<std::string> arguments) {
  const auto command = split_command(arguments);
  const auto line = parse(std::move(arguments));
  if (line.answer) {
    print(*line.answer);
    return exit_success;
  }
  const bool takes_command = line.verb == Verb::wait || line.verb == Verb::reserve || line.verb == Verb::run;
  if (!command.empty() && !takes_command) {
    throw UsageError(
        "No command is run here: leave out -- and what follows, or write 'portend reserve -- COMMAND'.");
  }
  switch (line.verb) {
    case Verb::wait:
      return wait(line.wait, command);
    case Verb::watch:
      return watch(line.watch);
    case Verb::find:
      return find(line.find);
    case Verb::reserve:
      return reserve(line.find, command);
    case Verb::run:
      return portend::cli::run(line.run, command);
    case Verb::who:
      return who(line.who);
    case Verb::kill:
      break;
  }
  return kill(line.kill);
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  handle_stop_signals();
  try {
    return run_verb({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    print_error("portend: " + std::string(error.what()));
    return exit_usage;
  } catch (const LibraryFailure& failure) {
    print_error(failure.message);
    return exit_code(failure.status);
  } catch (const std::exception&) {
    print_error("portend: out of memory.");
    return exit_refused_by_system;
  }
}
