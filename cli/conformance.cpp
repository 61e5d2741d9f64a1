// tilewright conformance: ONNX's back-end tests on the reference interpreter.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "support/json.h"
#include "support/progress.h"
#include "support/table.h"
#include "verify/conformance/conformance.h"

namespace tilewright {
namespace {

struct ConformanceOptions {
  CommonOptions common;
  std::string archive;
  double settled = 98, newer = 75;  // per cent
};

Table operator_table(const ConformanceSummary& summary) {
  Table table{
      "conformance", "Tests by operator", {{"Operator", ""}, {"Passed", ""}, {"Tests", ""}}, {}};
  for (const auto& [name, share] : summary.by_operator) {
    table.add(
        {name, Number{static_cast<double>(share.passed)}, Number{static_cast<double>(share.all)}});
  }
  return table;
}

std::string share_text(const ConformanceShare& s) {
  return fmt::format("{} of {} ({:.1f} %)", s.passed, s.all, 100 * s.share());
}

bool reached(const ConformanceShare& s, double least) {
  return s.all == 0 || 100 * s.share() >= least;
}

Json share_json(const ConformanceShare& s) {
  return {{"passed", s.passed}, {"tests", s.all}};
}

Json as_json(const std::vector<ConformanceResult>& results, const ConformanceSummary& summary,
             bool passed) {
  Json failures = Json::array(), operators;
  for (const ConformanceResult& r : results) {
    if (r.passed) continue;
    failures.push_back(
        {{"kind", r.kind}, {"test", r.test}, {"opset", r.opset}, {"reason", r.reason}});
  }
  for (const auto& [name, share] : summary.by_operator) operators[name] = share_json(share);
  return {{"passed", passed},
          {"settled", share_json(summary.settled)},
          {"newer", share_json(summary.newer)},
          {"operators", std::move(operators)},
          {"failures", std::move(failures)}};
}

int run_conformance_verb(const ConformanceOptions& o) {
  std::vector<ConformanceResult> results;
  {
    std::optional<Progress> progress;
    std::int64_t done = 0;
    results = run_conformance(o.archive, [&](const ConformanceResult& r, std::size_t tests) {
      if (!progress) progress.emplace("tests", static_cast<std::int64_t>(tests));
      progress->update(++done, r.test);
    });
  }
  const ConformanceSummary summary = summarise(results);
  const bool passed =
      !results.empty() && reached(summary.settled, o.settled) && reached(summary.newer, o.newer);
  if (o.common.json) {
    print_json(as_json(results, summary, passed));
    return passed ? 0 : 1;
  }
  std::string text = to_text(operator_table(summary)) + "\n";
  for (const ConformanceResult& r : results) {
    if (!r.passed)
      text += fmt::format("failed: {}/{} (opset {}): {}\n", r.kind, r.test, r.opset, r.reason);
  }
  text += fmt::format("opset {} and below: {}, {:g} % wanted\nnewer: {}, {:g} % wanted\n",
                      kSettledOpset, share_text(summary.settled), o.settled,
                      share_text(summary.newer), o.newer);
  print(text);
  return passed ? 0 : 1;
}

}  // namespace

void add_conformance(CLI::App& app, Run& run) {
  auto o = std::make_shared<ConformanceOptions>();
  CLI::App* verb =
      app.add_subcommand("conformance", "ONNX's back-end tests on the reference interpreter");
  verb->add_option("archive", o->archive, "tar or zip of KIND/TEST/model.onnx with data sets")
      ->type_name("ARCHIVE")
      ->required();
  verb->add_option("--settled", o->settled, "share wanted of tests at opset 17 or below, per cent")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  verb->add_option("--newer", o->newer, "share wanted of the newer tests, per cent")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  verb->add_flag("--json", o->common.json, "results as JSON");
  verb->footer(
      "Examples:\n"
      "  tilewright conformance onnx_conformance.tar.xz\n"
      "  tilewright conformance onnx_conformance.tar.xz --newer 90 --json\n"
      "Exit status 1: a share was not reached; the failed tests are listed with their reasons.");
  verb->callback([o, &run] { run = [o] { return run_conformance_verb(*o); }; });
}

}  // namespace tilewright
