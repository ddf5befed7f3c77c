// SPDX-License-Identifier: MIT
#include "grammar.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr std::array verbs{std::pair("find", Verb::find), std::pair("reserve", Verb::reserve),
                           std::pair("who", Verb::who), std::pair("watch", Verb::watch),
                           std::pair("kill", Verb::kill)};

std::optional<Verb> verb_called(std::string_view word) {
  const auto* const found = std::ranges::find(verbs, word, &std::pair<const char*, Verb>::first);
  return found == verbs.end() ? std::nullopt : std::optional(found->second);
}

void add_flag(CLI::App& app, const char* names, bool& target, const char* description) {
  app.add_flag(names, target, description)
      ->disable_flag_override()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

template <class Text>
void add_value(CLI::App& app, const char* names, Text& target, const char* type, const char* description) {
  app.add_option(names, target, description)
      ->type_name(type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void add_values(CLI::App& app, const char* names, std::vector<std::string>& target, const char* type,
                const char* description) {
  app.add_option(names, target, description)
      ->type_name(type)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_family(CLI::App& app, FamilyOptions& options) {
  add_flag(app, "-4", options.ipv4, "IPv4 addresses only");
  add_flag(app, "-6", options.ipv6, "IPv6 addresses only");
}

void add_probe_options(CLI::App& app, ProbeOptions& options) {
  add_family(app, options);
  add_value(app, "--interval", options.interval, "TIME", "The longest pause between two looks");
  add_value(app, "--connect-timeout", options.connect_timeout, "TIME",
            "Limit of one attempt to connect (1s)");
}

void add_wait_options(CLI::App& app, WaitOptions& options) {
  add_value(app, "-t,--timeout", options.timeout, "TIME", "How long to wait; 0 looks once (inf)");
  add_flag(app, "--any", options.any, "One of the targets is enough");
  add_value(app, "--pid", options.pid, "PID", "Give up when this process dies");
  add_flag(app, "--retry-dns", options.retry_dns, "Wait for names that do not exist yet");
  add_probe_options(app, options);
  add_flag(app, "-q,--quiet", options.quiet, "Say nothing on failure");
  add_flag(app, "-v,--verbose", options.verbose, "Tell on stderr what was found, and when");
  add_flag(app, "--json", options.json, "Print the result as JSON");
}

void add_finder_options(CLI::App& app, FindOptions& options) {
  add_value(app, "-n", options.count, "N", "How many ports, all different (1)");
  add_flag(app, "--consecutive", options.consecutive, "They follow one another");
  add_value(app, "--range", options.range, "A-B", "The ports to choose from");
  add_value(app, "--from", options.from, "PORT", "The first one from this port on");
  add_value(app, "--for", options.name, "NAME", "The same port for the same name, or the next");
  add_values(app, "--prefer", options.preferred, "PORT|A-B", "Try these first; may be repeated");
  add_flag(app, "--only-preferred", options.only_preferred, "Give no other ports than these");
  add_values(app, "--exclude", options.excluded, "PORT|A-B", "Never give these; may be repeated");
  add_flag(app, "--browser-safe", options.browser_safe, "No port that browsers refuse");
  add_value(app, "--host", options.host, "HOST", "An address or name of this machine");
  add_family(app, options);
  add_flag(app, "--udp", options.udp, "Free for UDP as well");
  add_flag(app, "--avoid-ephemeral", options.avoid_ephemeral, "No port that outgoing connections may take");
  add_flag(app, "--no-port-server", options.no_port_server, "Do not ask the one of PORTSERVER_ADDRESS");
}

void add_who_options(CLI::App& app, WhoOptions& options) {
  add_flag(app, "--udp", options.udp, "UDP sockets also");
  add_flag(app, "--all", options.all, "All sockets, not only those that listen");
  add_flag(app, "--json", options.json, "Print JSON");
}

void add_kill_options(CLI::App& app, KillOptions& options) {
  add_value(app, "--signal", options.signal, "NAME|N", "What to send first (TERM)");
  add_flag(app, "--force", options.force, "Send KILL to what is left after --grace");
  add_value(app, "--grace", options.grace, "TIME", "How long --force waits before that (5)");
  add_value(app, "-t,--timeout", options.timeout, "TIME", "How long to wait until the ports are free (10)");
  add_flag(app, "--dry-run", options.dry_run, "Print what would be signaled, and signal nothing");
  add_flag(app, "-q,--quiet", options.quiet, "Print nothing but refusals");
}

void add_find_options(CLI::App& app, FindOptions& options) {
  add_finder_options(app, options);
  add_flag(app, "--park", options.park, "Keep it for a minute: see below");
  add_flag(app, "--json", options.json, "Print a JSON array of ports");
}

void add_reserve_options(CLI::App& app, FindOptions& options) {
  add_finder_options(app, options);
  add_values(app, "--name", options.port_names, "NAME", "A port in $NAME_PORT; may be repeated");
  add_flag(app, "--listen", options.listen, "Hand over sockets that listen: see below");
  add_flag(app, "--no-listen-pid", options.no_listen_pid, "Leave LISTEN_PID out, for wrappers");
}

void add_options(CLI::App& app, CommandLine& line) {
  switch (line.verb) {
    case Verb::wait:
      return add_wait_options(app, line.wait);
    case Verb::find:
      return add_find_options(app, line.find);
    case Verb::reserve:
      return add_reserve_options(app, line.find);
    case Verb::who:
      return add_who_options(app, line.who);
    case Verb::kill:
      return add_kill_options(app, line.kill);
    case Verb::watch:
      add_probe_options(app, line.watch);
      return add_flag(app, "--json", line.watch.json, "Print JSON");
  }
}

std::string help_command(const CLI::App& app) {
  return app.get_name().empty() ? "portend --help" : "portend " + app.get_name() + " --help";
}

/// The library's parser takes words in reverse, as from the end of a stack.
void parse_words(CLI::App& app, std::vector<std::string> words) {
  std::ranges::reverse(words);
  app.parse(std::move(words));
}

std::string takes_no_value(const std::string& name) {
  return name + " takes no value: write " + name + " alone.";
}

/// Why options and values do not match: a value is missing at the end, or a flag was given one.
std::string mismatch(const CLI::App& app, const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    const auto name = argument.substr(0, argument.find('='));
    const auto* const option = app.get_option_no_throw(name);
    const bool flag = option != nullptr && option->get_items_expected_max() == 0;
    if (flag && name != argument) return takes_no_value(name);
  }
  const auto& last = arguments.back();
  const auto* const option = app.get_option_no_throw(last);
  const auto lacks = printable(last) + " lacks its value: ";
  if (option != nullptr) return lacks + "write " + last + " " + option->get_type_name() + ".";
  return lacks + "'" + help_command(app) + "' tells what it takes.";
}

std::string stands_in_front(const std::string& verb) {
  return verb + " stands in front of all else: 'portend " + verb + " --help' tells more.";
}

/// What is no option of the verb, nor the value of one.
std::vector<std::string> words_left(const CLI::App& app) {
  auto words = app.remaining();
  for (const auto& word : words) {
    if (app.get_name().empty() && verb_called(word)) {
      throw UsageError(stands_in_front(word));
    }
  }
  for (const auto& word : words) {
    if (word.size() < 2 || !word.starts_with('-')) continue;
    throw UsageError("There is no option " + printable(word) + ": '" + help_command(app) +
                     "' lists them all.");
  }
  return words;
}

void refuse_both(bool both, const char* first, const char* second) {
  if (both)
    throw UsageError(std::string(first) + " and " + second + " exclude each other: write one of them.");
}

void refuse_contradictions(const CommandLine& line) {
  for (const FamilyOptions* options :
       {static_cast<const FamilyOptions*>(&line.wait), static_cast<const FamilyOptions*>(&line.watch),
        static_cast<const FamilyOptions*>(&line.find)}) {
    refuse_both(options->ipv4 && options->ipv6, "-4", "-6");
  }
  refuse_both(line.wait.quiet && line.wait.verbose, "--quiet", "--verbose");
  refuse_both(line.find.from && line.find.name, "--from", "--for");
  refuse_both(line.find.count && !line.find.port_names.empty(), "-n", "--name");
  refuse_both(line.find.park && line.find.udp, "--park", "--udp");
}

void take_words(CommandLine& line, std::vector<std::string> words) {
  switch (line.verb) {
    case Verb::wait:
      line.wait.words = std::move(words);
      return;
    case Verb::watch:
      line.watch.targets = std::move(words);
      return;
    case Verb::who:
      line.who.ports = std::move(words);
      return;
    case Verb::kill:
      line.kill.ports = std::move(words);
      return;
    case Verb::find:
      if (words.empty()) return;
      throw UsageError("'" + printable(words.front()) + "' is too much: find takes nothing but options.");
    case Verb::reserve:
      if (words.empty()) return;
      throw UsageError("'" + printable(words.front()) + "' is too much: the command stands behind --.");
  }
}

}  // namespace

CommandLine parse(std::vector<std::string> arguments) {
  CommandLine line;
  const auto verb = arguments.empty() ? std::nullopt : verb_called(arguments.front());
  CLI::App app("", verb ? arguments.front() : "");
  if (verb) {
    line.verb = *verb;
    arguments.erase(arguments.begin());
  }
  app.allow_extras();
  app.set_help_flag();
  add_options(app, line);
  app.set_help_flag("-h,--help", "Print this help");
  if (!verb)
    app.set_version_flag("--version", std::string("portend ") + portend_version(), "Print the version");
  try {
    parse_words(app, arguments);
    take_words(line, words_left(app));
    refuse_contradictions(line);
  } catch (const CLI::CallForHelp&) {
    line.answer = help(app);
  } catch (const CLI::CallForVersion& version) {
    line.answer = std::string(version.what()) + "\n";
  } catch (const CLI::ArgumentMismatch&) {
    throw UsageError(mismatch(app, arguments));
  } catch (const CLI::ParseError&) {
    throw UsageError("These arguments make no sense: '" + help_command(app) + "' tells what does.");
  }
  return line;
}

}  // namespace portend::cli
