// SPDX-License-Identifier: MIT
#include "grammar.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

namespace portend::cli {

namespace {

/// The library's own line of usage knows no command behind "--".
class Help : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    const auto verb = app->get_name();
    if (app->get_parent() == nullptr) {
      return "\nUsage:\n"
             "  portend HOST:PORT... occupied|free [options] [-- COMMAND [ARG...]]\n"
             "  portend find|reserve|who|watch [options] ...\n";
    }
    if (verb == "reserve") return "\nUsage: portend reserve [options] -- COMMAND [ARG...]\n";
    return CLI::Formatter::make_usage(app, name);
  }
};

constexpr const char* footer =
    "Exit codes: 0 success, 1 not in time, 2 usage, 3 a name that cannot be resolved, 4 refused by the\n"
    "system. COMMAND runs only after success, and then its exit code counts.\n\n"
    "  portend db:5432 cache:6379 occupied -t 30 -- ./server\n"
    "  portend localhost:8080 free -t 500ms || portend who 8080\n";

void add_look_options(CLI::App& app, LookOptions& options) {
  auto* const four = app.add_flag("-4", options.ipv4, "Look at IPv4 addresses only");
  app.add_flag("-6", options.ipv6, "Look at IPv6 addresses only")->excludes(four);
  app.add_option("--interval", options.interval, "Look at least so often, as in 100us or 1s")
      ->type_name("TIME");
  app.add_option("--connect-timeout", options.connect_timeout, "The limit of one attempt (1s)")
      ->type_name("TIME");
  app.add_flag("--json", options.json, "Print JSON on stdout");
}

void add_wait_options(CLI::App& app, WaitOptions& options) {
  app.add_option("words", options.words, "Targets, and the state to wait for")
      ->type_name("HOST:PORT... STATE");
  app.add_option("-t,--timeout", options.timeout, "How long to wait: 3, 0.25, 500ms, 2m or inf (the default)")
      ->type_name("TIME");
  app.add_flag("--any", options.any, "One of the targets is enough");
  app.add_flag("--retry-dns", options.retry_dns, "Wait for names that do not exist yet");
  app.add_option("--pid", options.pid, "Give up when this process dies")
      ->type_name("PID")
      ->check(CLI::PositiveNumber);
  auto* const quiet = app.add_flag("-q,--quiet", options.quiet, "Print no sentence on failure");
  app.add_flag("-v,--verbose", options.verbose, "Tell on stderr what was found")->excludes(quiet);
  add_look_options(app, options);
}

void add_find_options(CLI::App& app, FindOptions& options) {
  app.add_option("-n", options.count, "How many ports, all different (1)")->type_name("N");
  app.add_option("--range", options.range, "The ports to choose from")->type_name("A-B");
  app.add_option("--prefer", options.preferred, "A port to try first; may be repeated")
      ->type_name("PORT")
      ->expected(1)
      ->take_all();
  app.add_flag("--only-preferred", options.only_preferred, "Give no other ports");
  app.add_option("--exclude", options.excluded, "A port, or a range, never to give; may be repeated")
      ->type_name("PORT")
      ->expected(1)
      ->take_all();
  app.add_option("--host", options.host, "An address or name of this machine (all of it)")->type_name("HOST");
  auto* const four = app.add_flag("-4", options.ipv4, "IPv4 only");
  app.add_flag("-6", options.ipv6, "IPv6 only")->excludes(four);
  app.add_flag("--udp", options.udp, "Free for UDP, too");
  app.add_flag("--avoid-ephemeral", options.avoid_ephemeral, "A port that no outgoing connection can take");
  app.add_flag("--no-port-server", options.no_port_server, "Do not ask the server of PORTSERVER_ADDRESS");
}

/// The library's parser takes words in reverse, as from the end of a stack.
void parse_words(CLI::App& app, std::vector<std::string> words) {
  std::ranges::reverse(words);
  app.parse(std::move(words));
}

struct Subcommands {
  CLI::App* find;
  CLI::App* reserve;
  CLI::App* who;
  CLI::App* watch;
};

Subcommands add_subcommands(CLI::App& app, Asked& asked) {
  Subcommands sub{};
  sub.find = app.add_subcommand("find", "Print a port that can be bound now");
  add_find_options(*sub.find, asked.find);
  sub.find->add_flag("--json", asked.find.json, "Print a JSON array");

  sub.reserve = app.add_subcommand(
      "reserve", "Hold a port and run COMMAND with it in $PORT and its sockets by the systemd convention");
  add_find_options(*sub.reserve, asked.find);
  sub.reserve->add_flag(
      "--listen", asked.find.listen,
      "Let the sockets listen already, for a server that expects that and does not bind $PORT itself");

  sub.who = app.add_subcommand("who", "Print who listens on the ports, or on all");
  sub.who->add_option("ports", asked.who.ports, "The ports to look at")->type_name("PORT...");
  sub.who->add_flag("--json", asked.who.json, "Print a JSON array");

  sub.watch = app.add_subcommand("watch", "Print a line for each change of state, until interrupted");
  sub.watch->add_option("targets", asked.watch.targets, "What to watch")
      ->type_name("HOST:PORT...")
      ->required();
  add_look_options(*sub.watch, asked.watch);
  return sub;
}

Verb verb_of(const Subcommands& sub) {
  if (sub.find->parsed()) return Verb::find;
  if (sub.reserve->parsed()) return Verb::reserve;
  if (sub.who->parsed()) return Verb::who;
  if (sub.watch->parsed()) return Verb::watch;
  return Verb::wait;
}

}  // namespace

Asked parse(std::vector<std::string> arguments) {
  Asked asked;
  CLI::App app("Waits until TCP ports are up or gone, finds free ones, and tells who has them.", "portend");
  app.formatter(std::make_shared<Help>());
  app.footer(footer);
  app.set_version_flag("--version", std::string("portend ") + portend_version());
  add_wait_options(app, asked.wait);
  const auto subcommands = add_subcommands(app, asked);
  try {
    parse_words(app, std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    asked.answer = app.help();
  } catch (const CLI::CallForVersion& version) {
    asked.answer = std::string(version.what()) + "\n";
  } catch (const CLI::ParseError& error) {
    throw UsageError(std::string(error.what()) + ".");
  }
  asked.verb = verb_of(subcommands);
  return asked;
}

}  // namespace portend::cli
