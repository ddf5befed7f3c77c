// SPDX-License-Identifier: MIT
#include "grammar.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "nearest.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr std::array verbs{std::pair("find", Verb::find),   std::pair("reserve", Verb::reserve),
                           std::pair("run", Verb::run),     std::pair("who", Verb::who),
                           std::pair("watch", Verb::watch), std::pair("kill", Verb::kill)};

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
  add_value(app, "--interval", options.interval, "[A-]B", "Probe at intervals of at most B");
  add_value(app, "--connect-timeout", options.connect_timeout, "TIME",
            "Limit of one attempt to connect (1s)");
  add_value(app, "--owner", options.owner, "PID", "Only listeners of PID or its descendants count");
  add_value(app, "--stable", options.stable, "TIME", "A connection must stay open for TIME");
  add_flag(app, "--connect", options.connect, "Prove by a connection that a port is occupied");
  add_flag(app, "--no-connect", options.no_connect, "Make no connection (local ports only)");
}

void add_wait_options(CLI::App& app, WaitOptions& options) {
  add_value(app, "-t,--timeout", options.timeout, "TIME", "How long to wait; 0 probes once (inf)");
  add_flag(app, "--any", options.any, "One of the targets is enough");
  add_value(app, "--pid", options.pid, "PID", "Give up when this process ends");
  add_flag(app, "--retry-dns", options.retry_dns, "Wait for names that do not exist yet");
  add_probe_options(app, options);
  add_flag(app, "-q,--quiet", options.quiet, "Print nothing on failure");
  add_flag(app, "-v,--verbose", options.verbose, "Print on stderr what is found, and when");
  add_flag(app, "--json", options.json, "Print the result as JSON");
}

void add_watch_options(CLI::App& app, WatchOptions& options) {
  add_value(app, "-t,--timeout", options.timeout, "TIME", "How long to watch (inf)");
  add_value(app, "--count", options.count, "N", "End after N changes");
  add_value(app, "--openmetrics", options.openmetrics, "FILE", "Keep metrics for Prometheus in FILE");
  add_probe_options(app, options);
  add_flag(app, "--json", options.json, "Print JSON");
}

void add_finder_options(CLI::App& app, FindOptions& options) {
  add_value(app, "-n", options.count, "N", "How many ports, all different (1)");
  add_flag(app, "--consecutive", options.consecutive, "Adjacent ports");
  add_value(app, "--range", options.range, "A-B", "The ports to choose from");
  add_value(app, "--from", options.from, "PORT", "The first port to try, then the next ones");
  add_value(app, "--for", options.name, "NAME", "The same port for the same name, or the next");
  add_values(app, "--prefer", options.preferred, "PORT|A-B", "Try these first; may be repeated");
  add_flag(app, "--only-preferred", options.only_preferred, "Print only preferred ports");
  add_values(app, "--exclude", options.excluded, "PORT|A-B", "Never give these; may be repeated");
  add_flag(app, "--browser-safe", options.browser_safe, "No port that browsers refuse");
  add_value(app, "--host", options.host, "HOST", "An address or name of this machine");
  add_family(app, options);
  add_flag(app, "--udp", options.udp, "Also free for UDP");
  add_flag(app, "--avoid-ephemeral", options.avoid_ephemeral, "No port that outgoing connections may take");
  add_flag(app, "--no-port-server", options.no_port_server, "Ask no port server (PORTSERVER_ADDRESS)");
}

void add_who_options(CLI::App& app, WhoOptions& options) {
  add_flag(app, "--udp", options.udp, "Also print UDP sockets");
  add_flag(app, "--all", options.all, "All sockets, not only listeners");
  add_flag(app, "--json", options.json, "Print JSON");
}

void add_run_options(CLI::App& app, RunOptions& options) {
  add_values(app, "-s,--server", options.servers, "[NAME:]LINE", "A server, run by a shell; may be repeated");
  add_value(app, "-f,--file", options.file, "PROCFILE", "The servers of a Procfile");
  add_values(app, "--port", options.ports, "[NAME=]PORT", "Prefer this port; may be repeated");
  add_values(app, "--any-owner", options.any_owner, "NAME", "Any process may listen for this server");
  add_values(app, "--no-reserve", options.unreserved, "NAME", "Release its port when this server starts");
  add_values(app, "--wait", options.targets, "TARGET", "Also wait for this; may be repeated");
  add_value(app, "-t,--timeout", options.timeout, "TIME", "How long until all is ready (60)");
  add_value(app, "--grace", options.grace, "TIME", "How long from TERM to KILL (10)");
  add_flag(app, "--keep-going", options.keep_going, "Continue when a server ends");
  add_value(app, "--log-dir", options.log_dir, "DIR", "Write the output to DIR/NAME.log");
  add_flag(app, "-q,--quiet", options.quiet, "Show output of a server only if it fails");
  add_flag(app, "--json", options.json, "Print each event as a line of JSON");
}

void add_kill_options(CLI::App& app, KillOptions& options) {
  add_value(app, "--signal", options.signal, "NAME|N", "What to send first (TERM)");
  add_flag(app, "--force", options.force, "Send KILL to processes left after --grace");
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
    case Verb::run:
      return add_run_options(app, line.run);
    case Verb::who:
      return add_who_options(app, line.who);
    case Verb::kill:
      return add_kill_options(app, line.kill);
    case Verb::watch:
      return add_watch_options(app, line.watch);
  }
}

std::string help_command(const CLI::App& app) {
  return app.get_name().empty() ? "portend --help" : "portend " + app.get_name() + " --help";
}

/// The parser of CLI11 takes words in reverse order, as from a stack.
void parse_words(CLI::App& app, std::vector<std::string> words) {
  std::ranges::reverse(words);
  app.parse(std::move(words));
}

std::string takes_no_value(const std::string& name) {
  return name + " takes no value: write " + name + " alone.";
}

/// Explains a syntax error: the last option has no value, or a flag has one.
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
  return lacks + "'" + help_command(app) + "' describes it.";
}

/// Rejects commands and misspelled commands among the words of a wait.
void refuse_verbs(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (!verb_called(word)) continue;
    std::string message = word + " must come first: 'portend ";
    throw UsageError(message.append(word).append(" --help' describes it."));
  }
  const auto first = words.empty() ? "" : words.front();
  std::vector<std::string> known{portend_state_text(PORTEND_STATE_OCCUPIED),
                                 portend_state_text(PORTEND_STATE_FREE)};
  for (const auto& [name, verb] : verbs) known.emplace_back(name);
  const auto near = first.find(':') == first.npos ? nearest(first, known) : std::nullopt;
  if (near && verb_called(*near)) {
    throw UsageError("'" + printable(first) + "' is not a command: did you mean " + *near + "?");
  }
}

void refuse_options(const CLI::App& app, const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (word.size() < 2 || !word.starts_with('-')) continue;
    std::vector<std::string> known;
    for (const auto* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    }
    const auto name = word.substr(0, word.find('='));
    throw UsageError("There is no option " + printable(name) + ": " +
                     did_you_mean(name, known, "'" + help_command(app) + "' lists them all."));
  }
}

/// Returns the words that are neither options of the command nor their values.
std::vector<std::string> words_left(const CLI::App& app) {
  auto words = app.remaining();
  if (app.get_name().empty()) refuse_verbs(words);
  refuse_options(app, words);
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
  for (const ProbeOptions* options :
       {static_cast<const ProbeOptions*>(&line.wait), static_cast<const ProbeOptions*>(&line.watch)}) {
    refuse_both(options->connect && options->no_connect, "--connect", "--no-connect");
    refuse_both(options->stable && options->no_connect, "--stable", "--no-connect");
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
      throw UsageError("'" + printable(words.front()) + "' is unexpected: find takes options only.");
    case Verb::run:
      if (words.empty()) return;
      throw UsageError("'" + printable(words.front()) +
                       "' is unexpected: write -s before a server, and -- before COMMAND.");
    case Verb::reserve:
      if (words.empty()) return;
      throw UsageError("'" + printable(words.front()) + "' is unexpected: the command comes after --.");
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
  app.set_help_flag("-h", "Print a short help");
  app.set_help_all_flag("--help", "Print this help");
  if (!verb)
    app.set_version_flag("--version", std::string("portend ") + portend_version(), "Print the version");
  try {
    parse_words(app, arguments);
    take_words(line, words_left(app));
    refuse_contradictions(line);
  } catch (const CLI::CallForHelp&) {
    line.answer = short_help(app);
  } catch (const CLI::CallForAllHelp&) {
    line.answer = help(app);
  } catch (const CLI::CallForVersion& version) {
    line.answer = std::string(version.what()) + "\n";
  } catch (const CLI::ArgumentMismatch&) {
    throw UsageError(mismatch(app, arguments));
  } catch (const CLI::ParseError&) {
    throw UsageError("The arguments are invalid: '" + help_command(app) + "' describes them.");
  }
  return line;
}

}  // namespace portend::cli
