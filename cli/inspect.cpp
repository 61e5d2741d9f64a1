// tilewright inspect: operators, weights, FLOPs, supported or not, and what each would become.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/manifest.h"
#include "cli/options.h"
#include "cli/source.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "experiments/svg.h"
#include "frontend/frontend.h"
#include "frontend/passes/recognised.h"
#include "frontend/passes/run_passes.h"
#include "frontend/write_onnx.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "support/table.h"

namespace tilewright {
namespace {

struct InspectOptions {
  CommonOptions common;
  ModelOptions model;
  bool passes = false;
  std::vector<std::string> off;
  std::string stop_after, dump;
  std::string mode = kDefaultMode, calibration = kDefaultCalibration;
};

Table operators_table(const std::vector<InspectRow>& rows) {
  Table table{"operators",
              "Operators",
              {{"Operator", ""},
               {"Count", ""},
               {"Supported", ""},
               {"Becomes", ""},
               {"FLOPs", ""},
               {"Weights", "B"}},
              {}};
  for (const InspectRow& row : rows) {
    table.add({(row.domain.empty() ? "" : row.domain + ".") + row.type,
               Number{static_cast<double>(row.count)}, std::string(row.supported ? "yes" : "no"),
               row.becomes, Number{row.flops}, Number{static_cast<double>(row.weight_bytes)}});
  }
  return table;
}

std::string totals_text(const Graph& graph, const Workload& workload) {
  const WorkloadTotals& t = workload.totals;
  const auto count = [](auto n) { return short_number(static_cast<double>(n)); };
  Lines lines(workload.name);
  lines.add("graph",
            fmt::format("{} operators, {} inputs, {} outputs, IR version {}", count(t.operators),
                        t.graph_inputs, t.graph_outputs, graph.ir_version));
  lines.add("weights",
            fmt::format("{} tensors, {} parameters, {}", count(t.weight_tensors),
                        count(t.parameters), bytes_text(static_cast<double>(t.weight_bytes))));
  lines.add("work",
            fmt::format("{} GFLOP per {}", short_number(t.flops_per_unit * 1e-9), workload.unit));
  const double all = std::max(t.matmul_flops + t.conv_flops + t.general_flops, 1.0);
  lines.add("shares",
            fmt::format(
                "matrix products {:.1f} %, convolutions and reductions {:.1f} %, other {:.1f} %",
                100 * t.matmul_flops / all, 100 * t.conv_flops / all, 100 * t.general_flops / all));
  if (workload.has_kv_cache) {
    lines.add(
        "KV cache",
        fmt::format("{} per token, {} at a context of {}", bytes_text(t.kv_bytes_per_token),
                    bytes_text(t.kv_bytes_per_token * static_cast<double>(t.context)), t.context));
  }
  if (t.layers > 0) {
    lines.add("layers", fmt::format("{}, width {}, {} KV heads of {}", t.layers, t.d_model,
                                    t.kv_heads, t.head_dim));
  }
  return lines.text();
}

Table passes_table(const std::vector<PassReport>& reports) {
  Table table{
      "passes", "Passes", {{"Pass", ""}, {"Changes", ""}, {"Operators", ""}, {"Time", "ms"}}, {}};
  for (const PassReport& r : reports) {
    if (r.changes == 0) continue;
    table.add({r.name, Number{static_cast<double>(r.changes)}, Number{static_cast<double>(r.nodes)},
               Number{1e3 * r.seconds, 3}});
  }
  return table;
}

std::string blocks_text(const std::vector<Block>& blocks) {
  std::string text;
  for (const Block& b : blocks) {
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", b.count, b.name,
                        b.detail.empty() ? "" : " (" + b.detail + ")");
  }
  return text.empty() ? "none" : text;
}

std::string passes_text(const std::vector<PassReport>& reports, std::size_t before,
                        const Graph& graph) {
  Lines lines(fmt::format("{} operators became {}, {:.1f} times fewer", before, graph.nodes.size(),
                          static_cast<double>(before) /
                              static_cast<double>(std::max<std::size_t>(graph.nodes.size(), 1))));
  lines.add("recognised", blocks_text(recognised_blocks(graph)));
  lines.add("left", blocks_text(unrecognised_operators(graph)));
  return to_text(passes_table(reports)) + "\n" + lines.text();
}

Json blocks_json(const std::vector<Block>& blocks) {
  Json json;
  for (const Block& b : blocks) json[b.name] = b.count;
  return json;
}

Json passes_json(const std::vector<PassReport>& reports, std::size_t before, const Graph& graph) {
  Json list = Json::array();
  for (const PassReport& r : reports)
    list.push_back({{"pass", r.name}, {"changes", r.changes}, {"operators", r.nodes}});
  return {{"operators_before", before},
          {"operators", graph.nodes.size()},
          {"recognised", blocks_json(recognised_blocks(graph))},
          {"left", blocks_json(unrecognised_operators(graph))},
          {"passes", std::move(list)}};
}

// What the passes did, and the graph as a file where one was asked for.
struct Passed {
  std::vector<PassReport> reports;
  std::size_t before = 0;
};
Passed apply_passes(const InspectOptions& o, Graph& graph) {
  Passed passed{{}, graph.nodes.size()};
  if (o.passes) {
    PassOptions options;
    options.off = {o.off.begin(), o.off.end()};
    options.stop_after = o.stop_after;
    passed.reports = run_passes(graph, options);
  }
  if (!o.dump.empty()) write_file(o.dump, onnx_of_graph(graph));
  return passed;
}

Json inspect_json(const std::vector<InspectRow>& rows, const std::optional<Workload>& workload,
                  const std::string& refused) {
  Json json;
  Json list = Json::array();
  for (const InspectRow& row : rows) {
    list.push_back({{"domain", row.domain},
                    {"type", row.type},
                    {"count", row.count},
                    {"supported", row.supported},
                    {"becomes", row.becomes},
                    {"flops", row.flops},
                    {"weight_bytes", row.weight_bytes}});
  }
  json["supported"] = workload.has_value();
  if (!refused.empty()) json["refused"] = refused;
  if (workload) json["totals"] = to_json(*workload).at("totals");
  json["operators"] = std::move(list);
  return json;
}

int run_inspect(const InspectOptions& o) {
  const Calibration calibration = load_calibration(o.calibration);
  const LoadOptions load = load_options(o.model, calibration, parse_mode(o.mode));
  std::optional<ScratchFolder> scratch;
  Timings timings;
  Graph graph = load_graph_of(o.model.model, load, scratch);
  timings.stage("load");
  const Passed passed = apply_passes(o, graph);
  timings.stage("passes");
  const std::vector<InspectRow> rows = inspect_operators(graph);
  // What can't be counted is an answer here, not a failure: the table says which operator it is.
  std::optional<Workload> workload;
  std::string refused;
  try {
    workload = make_workload(graph, load);
  } catch (const Error& error) {
    refused = error.what();
  }
  timings.stage("count");
  if (o.common.json) {
    Json json = inspect_json(rows, workload, refused);
    if (o.passes) json["passes"] = passes_json(passed.reports, passed.before, graph);
    print_json(json);
  } else {
    if (o.passes) print(passes_text(passed.reports, passed.before, graph) + "\n");
    print((workload ? totals_text(graph, *workload) : graph.name + "\n") + "\n" +
          to_text(operators_table(rows)));
    if (!refused.empty()) complain(refused);
  }
  return workload ? 0 : 1;
}

}  // namespace

void add_inspect(CLI::App& app, Run& run) {
  auto o = std::make_shared<InspectOptions>();
  o->model.model = kDefaultModel;
  CLI::App* verb = app.add_subcommand(
      "inspect", "operators, weights, FLOPs, supported or not, and what each becomes");
  add_options(*verb, o->model, "built-in name or .onnx file (default llama-tiny)");
  verb->add_option("--mode", o->mode, "whose context length to bind")
      ->type_name("MODE")
      ->capture_default_str();
  verb->add_option("--calibration", o->calibration, "set of constants")
      ->type_name("NAME")
      ->capture_default_str();
  std::string names;
  for (const PassInfo& pass : pass_list())
    names += (names.empty() ? "" : ", ") + std::string(pass.name);
  auto* const passes = verb->add_flag("--passes", o->passes,
                                      "optimises the graph first and says what was recognised");
  verb->add_option("--off", o->off, "passes to leave out: " + names)
      ->type_name("PASS")
      ->delimiter(',')
      ->needs(passes);
  verb->add_option("--stop-after", o->stop_after, "ends behind this pass")
      ->type_name("PASS")
      ->needs(passes);
  verb->add_option("--dump", o->dump, "writes the graph as it then is as an ONNX file")
      ->type_name("FILE");
  add_options(*verb, o->common);
  verb->footer(
      "Examples:\n"
      "  tilewright inspect llama-3.1-8b\n"
      "  tilewright inspect net.onnx --dim batch=1 --json\n"
      "  tilewright inspect llama-3.1-8b --passes\n"
      "  tilewright inspect net.onnx --passes --stop-after simplify-moves --dump half.onnx\n"
      "Exit status 1: an operator can't be counted; the line on stderr names it.");
  verb->callback([o, &run] { run = [o] { return run_inspect(*o); }; });
}

}  // namespace tilewright
