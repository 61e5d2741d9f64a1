// tilewright gym: the search problem on stdin and stdout, for optimisers in any language.
#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

#include "cli/gym_session.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "support/json.h"

namespace tilewright {
namespace {

int run_gym() {
  GymSession session;
  for (std::string line; !session.closed() && std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    // An error may quote bytes of a model that are not text.
    print(session.answer(line).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    finish_output();  // a client waits for each answer
  }
  return 0;
}

}  // namespace

void add_gym(CLI::App& app, Run& run) {
  CLI::App* verb = app.add_subcommand(
      "gym", "search problem as JSON lines on stdin and stdout, for any optimiser");
  verb->footer(
      "Requests: open, evaluate, reset, step, close; docs/gym.md has them all, and a client of "
      "forty lines.\nExample:\n"
      "  printf '%s\\n' '{\"cmd\":\"open\",\"model\":\"llama-tiny\"}' '{\"cmd\":\"reset\"}' | "
      "tilewright gym");
  verb->callback([&run] { run = run_gym; });
}

}  // namespace tilewright
