// The program: finds the verb, runs it, and turns every failure into one line and an exit status.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "cli/help.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "support/error.h"

namespace tilewright {
namespace {

constexpr int kUnusable = 2;

void add_verbs(CLI::App& app, Run& run) {
  add_compile(app, run);
  add_sweep(app, run);
  add_tables(app, run);
  add_paper(app, run);
  add_model(app, run);
  add_inspect(app, run);
  add_evaluate(app, run);
  add_verify(app, run);
  add_diff(app, run);
  add_explore(app, run);
  add_calibrate(app, run);
  add_gym(app, run);
  add_contest(app, run);
  add_run(app, run);
  add_quantise(app, run);
  add_operators(app, run);
  add_conformance(app, run);
  add_contest_run(app, run);
}

// A verb that the program itself calls has no group.
bool is_hidden(const CLI::App& verb) {
  return verb.get_group().empty();
}

// CLI11 speaks of the option in its message; the verb that was parsed tells whose help to read. A
// word that is no verb is a missing verb to CLI11.
Error usage_error(const CLI::App& app, const CLI::ParseError& error, const char* first) {
  if (app.get_subcommands().empty() && first != nullptr && *first != '-') {
    std::string verbs;
    for (const CLI::App* sub : app.get_subcommands({})) {
      if (!is_hidden(*sub)) verbs += (verbs.empty() ? "" : ", ") + sub->get_name();
    }
    return Error("TW-CLI-001", "no verb is called '" + std::string(first) + "'", "command line",
                 "take one of " + verbs);
  }
  std::string verb;
  for (const CLI::App* sub : app.get_subcommands()) verb = " " + sub->get_name();
  return Error("TW-CLI-001", error.what(), "command line", "see 'tilewright" + verb + " --help'");
}

int run_program(int argc, char** argv) {
  CLI::App app{
      "An ONNX model in, a searched mesh design with its RTL, weight images and tables out.",
      "tilewright"};
  app.formatter(help_formatter());
  app.set_help_flag("-h,--help", "this text");
  app.set_version_flag("--version", std::string("tilewright ") + kVersion, "the version");
  app.require_subcommand(1);
  app.footer(
      "Start with:\n"
      "  tilewright compile --episodes 600 -o demo                          the embedded model\n"
      "  tilewright compile model.onnx --node 7nm --mode low-power -o out   a model of yours\n"
      "  tilewright VERB --help                                             a verb's options and "
      "examples\n"
      "Exit status: 0 done, 1 checked and found wrong or not feasible, 2 unusable input.");
  Run run;
  add_verbs(app, run);
  for (CLI::App* verb : app.get_subcommands({})) {
    if (!is_hidden(*verb)) verb->group("Verbs");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return 0;
  } catch (const CLI::CallForVersion&) {
    print(std::string("tilewright ") + kVersion + "\n");
    return 0;
  } catch (const CLI::ParseError& error) {
    throw usage_error(app, error, argc > 1 ? argv[1] : nullptr);
  }
  return run();
}

int guarded(int argc, char** argv) {
  try {
    const int status = run_program(argc, argv);
    finish_output();
    return status;
  } catch (const Error& error) {
    complain(error.what());
    return error.exit_status();
  } catch (const std::bad_alloc&) {
    complain(
        "TW-CLI-002: memory: not enough memory for this input; take a smaller model or a machine "
        "with more");
  } catch (const std::exception& error) {
    complain(
        Error("TW-CLI-003", error.what(), "internal", "please report this", ErrorKind::kInternal)
            .what());
  } catch (...) {
    complain("TW-CLI-003: internal: an unknown exception; please report this");
  }
  return kUnusable;
}

}  // namespace
}  // namespace tilewright

int main(int argc, char** argv) {
  return tilewright::guarded(argc, argv);
}
