#include "cli/artifacts.h"

#include <array>

#include "cli/version.h"
#include "cli/warm_start.h"
#include "experiments/design_tables.h"
#include "experiments/report.h"
#include "support/error.h"
#include "support/file.h"
#include "support/json.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kLongestLatexTable = 60;  // rows; longer tables are for machines

void write_tables(const fs::path& folder, const std::vector<Table>& tables) {
  for (const Table& table : tables) {
    write_file(folder / (table.id + ".csv"), to_csv(table));
    if (table.rows.size() <= kLongestLatexTable)
      write_file(folder / (table.id + ".tex"), to_latex(table));
  }
}

std::string page(const Finished& finished, const Target& target, const SearchResult& search,
                 const EmitReport& emitted) {
  ReportInputs inputs;
  inputs.design = &finished.design;
  inputs.mapping = &finished.mapping;
  inputs.ppa = &finished.ppa;
  inputs.log = &search.log;
  inputs.pareto = &search.pareto;
  inputs.not_generated = emitted.not_generated;
  inputs.unit = target.workload->unit;
  inputs.version = kVersion;
  return html_report(inputs);
}

constexpr const char* kEmitted[] = {"rtl", "weights", "programs", "sim"};

EmitReport nothing_emitted(const std::string& why) {
  EmitReport nothing;
  for (const char* part : kEmitted)
    nothing.not_generated.push_back(std::string(part) + "/: " + why);
  return nothing;
}

// A design that breaks a constraint may be one that can't be built (weights without room): then its
// numbers are written, and what is missing says why. A feasible design must be emitted.
EmitReport emit(const fs::path& folder, const Source& source, const Mapper& mapper,
                const Finished& finished, std::uint64_t seed) {
  EmitOptions options;
  options.rtl_library = data_folder() / "rtl";
  options.version = kVersion;
  options.seed = seed;
  options.clock_mhz = finished.ppa.clock_mhz;
  try {
    return emit_design(finished.design, finished.mapping, mapper,
                       source.graph ? &*source.graph : nullptr, options, folder);
  } catch (const Error& error) {
    if (finished.ppa.feasible) throw;
    for (const char* part : kEmitted) fs::remove_all(folder / part);
    return nothing_emitted("the design is not feasible: " + error.message());
  }
}

void promise(bool kept, const std::string& what, const fs::path& file) {
  if (!kept) {
    throw Error("TW-CLI-008", what, file.filename().string(), "please report this",
                ErrorKind::kInternal);
  }
}

}  // namespace

Finished finish_design(const Target& target, const ActionVector& actions) {
  Finished out;
  Mapping mapping;
  target.surrogate->evaluate_l1(actions, &mapping);
  out.design = target.surrogate->make_design(
      actions, mapping, target.workload->name + "-" + target.surrogate->node().name());
  out.configs_before = mapping.logic_configs_before;
  out.ppa = judge(target, out.design, out.mapping);

  MapRequest request = target.surrogate->map_request(actions);
  request.fixed_tiles = &out.design.tiles;
  Mapping scratch;
  const Ppa clustered = target.surrogate->evaluate_l1(request, &scratch);
  request.fixed_tiles = &mapping.unclustered;
  out.clustering_cost = clustered.score - target.surrogate->evaluate_l1(request, &scratch).score;
  out.other_tok_s =
      target.level == Level::kL1 ? target.surrogate->evaluate_l0(actions).tok_s : clustered.tok_s;
  return out;
}

Table search_table(const SearchResult& search) {
  Table table{"search", "Every evaluation of the search", {{"evaluation", ""}}, {}};
  for (std::size_t i = 0; i < kActionCount; ++i)
    table.columns.push_back({std::string(action_info(i).name), ""});
  for (const char* name :
       {"score", "feasible", "violation", "tok_s", "power_mw", "area_mm2", "reward"}) {
    table.columns.push_back({name, ""});
  }
  for (std::size_t m = 0; m < kMarginCount; ++m)
    table.columns.push_back({"margin_" + std::string(margin_name(m)), ""});
  for (const std::string& name : search.diagnostic_columns) table.columns.push_back({name, ""});
  for (std::size_t i = 0; i < search.log.size(); ++i) {
    const Evaluation& e = search.log[i];
    std::vector<Cell> row{Number{static_cast<double>(i + 1)}};
    for (const double value : e.design) row.push_back(Number{value});
    for (const double value : {e.score, e.feasible ? 1.0 : 0.0, e.violation, e.tok_s, e.power_mw,
                               e.area_mm2, e.reward}) {
      row.push_back(Number{value});
    }
    for (const double margin : e.margins) row.push_back(Number{margin});
    for (std::size_t d = 0; d < search.diagnostic_columns.size(); ++d) {
      const bool known = i < search.diagnostics.size() && d < search.diagnostics[i].size();
      row.push_back(known ? Cell(Number{search.diagnostics[i][d]})
                          : Cell(Missing{"not known yet"}));
    }
    table.add(std::move(row));
  }
  return table;
}

EmitReport write_artifacts(const fs::path& folder, const Source& source, const Target& target,
                           const SearchResult& search, const Finished& finished,
                           const ArtifactOptions& options) {
  write_file(folder / "workload.json", to_text(to_json(*target.workload)));
  write_file(folder / "design.json", to_text(to_json(finished.design)));
  write_file(folder / "ppa.json", to_text(to_json(finished.ppa)));
  write_file(folder / "search.csv", to_csv(search_table(search)));
  write_file(folder / "pareto.csv", to_csv(pareto_table(search.pareto)));
  if (!search.learned.empty()) write_file(folder / kPolicyFile, search.learned);
  const Mapper& mapper = *target.surrogate->mapper();
  write_tables(folder / "tables",
               design_tables(finished.design, finished.ppa, finished.mapping, mapper));

  EmitReport emitted = options.emit ? emit(folder, source, mapper, finished, options.seed)
                                    : nothing_emitted("asked for with --search-only");
  write_file(folder / "mesh.svg", mesh_picture(finished.design, finished.mapping, finished.ppa));
  write_file(folder / "report.html", page(finished, target, search, emitted));
  return emitted;
}

void check_artifacts(const fs::path& folder, const TargetOptions& options, const Target& target,
                     const Overrides& overrides, const EmitReport& emitted) {
  const fs::path design_file = folder / "design.json", workload_file = folder / "workload.json";
  const Design design = design_from_json(read_json(design_file), design_file.string());
  auto workload = std::make_shared<const Workload>(
      workload_from_json(read_json(workload_file), workload_file.string()));
  const Target again = make_target(options, target.calibration, std::move(workload), overrides);
  Mapping mapping;
  const std::string ppa = to_text(to_json(judge(again, design, mapping)));
  promise(ppa == read_file(folder / "ppa.json"),
          "judging the written design again gives another result", folder / "ppa.json");
  promise(emitted.weight_bytes == 0 || emitted.weight_bytes == target.workload->totals.weight_bytes,
          "the weight images hold " + std::to_string(emitted.weight_bytes) + " bytes, the model " +
              std::to_string(target.workload->totals.weight_bytes),
          folder / "weights");
}

}  // namespace tilewright
