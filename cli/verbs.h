// Every verb: declares its options on `app` and, when it is the one asked for, puts its work into
// `run`.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace tilewright {

// Returns the exit status.
using Run = std::function<int()>;

void add_compile(CLI::App& app, Run& run);
void add_sweep(CLI::App& app, Run& run);
void add_tables(CLI::App& app, Run& run);
void add_paper(CLI::App& app, Run& run);
void add_model(CLI::App& app, Run& run);
void add_inspect(CLI::App& app, Run& run);
void add_evaluate(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_diff(CLI::App& app, Run& run);
void add_explore(CLI::App& app, Run& run);
void add_calibrate(CLI::App& app, Run& run);
void add_gym(CLI::App& app, Run& run);
void add_contest(CLI::App& app, Run& run);
void add_run(CLI::App& app, Run& run);
void add_quantise(CLI::App& app, Run& run);
void add_operators(CLI::App& app, Run& run);
void add_conformance(CLI::App& app, Run& run);
void add_contest_run(CLI::App& app, Run& run);  // hidden

}  // namespace tilewright
