#include "cli/csv_evaluation.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "cli/target.h"
#include "support/error.h"
#include "support/table.h"
#include "surrogate/surrogate.h"

namespace tilewright {
namespace {

constexpr const char* kOutputs[] = {
    "tok_s",   "power_mw",     "area_mm2",    "compute_mw", "noc_mw",       "sram_mw", "rom_mw",
    "leak_mw", "ceil_compute", "ceil_memory", "ceil_noc",   "search_score", "feasible"};

Mode mode_of(const std::string& text) {
  if (text == "hp") return Mode::kHighPerformance;
  if (text == "lp") return Mode::kLowPower;
  return parse_mode(text);
}

// Position of each named column, found once.
class Header {
 public:
  Header(const std::vector<std::string>& names, std::string where)
      : names_(names), where_(std::move(where)) {}
  std::size_t at(const std::string& name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      throw Error("TW-CLI-014", "column '" + name + "' is missing", where_,
                  "give node_nm, mode and the 30 design variables by name");
    }
    return static_cast<std::size_t>(found - names_.begin());
  }
  bool has(const std::string& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }
  std::size_t size() const { return names_.size(); }

 private:
  const std::vector<std::string>& names_;
  std::string where_;
};

using Surrogates = std::map<std::pair<std::string, Mode>, std::unique_ptr<const Surrogate>>;

const Surrogate& surrogate_for(Surrogates& made, const Calibration& calibration,
                               const std::string& node, Mode mode) {
  auto& slot = made[{node, mode}];
  if (!slot) {
    slot =
        std::make_unique<const Surrogate>(calibration, find_node(calibration, node), mode, nullptr,
                                          Overrides{}, printed_workload(calibration, mode));
  }
  return *slot;
}

void append(std::string& line, const std::string& cell) {
  line += (line.empty() ? "" : ",") + cell;
}

void append_outputs(std::string& line, const L0Row& row) {
  for (const double value :
       {row.tok_s, row.power_mw, row.area_mm2, row.compute_mw, row.noc_mw, row.sram_mw, row.rom_mw,
        row.leak_mw, row.ceil_compute, row.ceil_memory, row.ceil_noc, row.score}) {
    append(line, format_number({value}));
  }
  append(line, row.feasible ? "1" : "0");
  for (const double margin : row.margins) append(line, format_number({margin}));
}

}  // namespace

std::string evaluate_csv(const std::string& text, const std::string& where,
                         const Calibration& calibration) {
  const auto rows = parse_csv(text, where);
  if (rows.empty()) throw Error("TW-CLI-014", "there is no header line", where);
  const Header header(rows.front(), where);
  std::vector<std::string> keys{"node_nm", "mode"};
  if (header.has("kind")) keys.emplace_back("kind");
  for (std::size_t i = 0; i < kActionCount; ++i) keys.emplace_back(action_info(i).name);
  std::vector<std::size_t> columns;
  std::string out;
  for (const std::string& key : keys) {
    columns.push_back(header.at(key));
    append(out, key);
  }
  for (const char* output : kOutputs) append(out, output);
  for (std::size_t m = 0; m < kMarginCount; ++m)
    append(out, "margin_" + std::string(margin_name(m)));
  out += "\n";

  Surrogates surrogates;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const std::string at = where + ": row " + std::to_string(r);
    if (rows[r].size() != header.size())
      throw Error("TW-CLI-014", "is not as long as the header", at);
    const std::string node = rows[r][columns[0]];
    parse_number(node, at);
    ActionVector design{};
    for (std::size_t i = 0; i < kActionCount; ++i)
      design[i] = parse_number(rows[r][columns[columns.size() - kActionCount + i]], at);
    L0Row row{};
    surrogate_for(surrogates, calibration, node, mode_of(rows[r][columns[1]]))
        .evaluate_l0(std::span(&design, 1), std::span(&row, 1));
    std::string line;
    for (const std::size_t column : columns) append(line, rows[r][column]);
    append_outputs(line, row);
    out += line + "\n";
  }
  return out;
}

}  // namespace tilewright
