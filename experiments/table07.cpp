// Table 7: ranges of the parameters of a tile, as the search has them at the smallest node.
#include "arch/actions.h"
#include "arch/design.h"
#include "experiments/printed.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"

namespace tilewright {
namespace {

struct Parameter {
  const char* printed;
  Action action;
  const char* tile;  // what a tile may be built as, where that is more than the mean's range
};

constexpr Parameter kParameters[] = {
    {"FETCH_SIZE", kFetch, "1, 2, 4, 8, 16"},
    {"STANUM", kStanum, ""},
    {"VLEN (bits)", kVlen, "powers of two"},
    {"DMEM_SIZE_KB", kDmem, "multiples of 16"},
    {"WMEM_SIZE_KB", kWmem, "multiples of 64; the variable is a factor on what is needed"},
    {"IMEM_SIZE_KB", kImem, "whole"},
    {"DFLIT_WIDTH", kDflit, "multiples of 64"},
    {"XR_WP", kXrWp, ""},
    {"VR_WP", kVrWp, ""},
    {"XDPNUM", kXdpnum, ""},
    {"VDPNUM", kVdpnum, ""}};

}  // namespace

std::vector<ExperimentTable> table07(const ExperimentInputs& inputs) {
  const std::string id = "table07_tcc_parameter_ranges";
  const PrintedTable printed(inputs.printed, id);
  const PaperPoint& point = inputs.llama.points.front();
  const DesignBox& box = point.surrogate->box();
  TableBuilder out(id, "Ranges of a tile's parameters, Llama 3.1 8B at " + point.node);
  out.label("Parameter");
  if (printed.exists()) {
    out.label("Printed min");
    out.label("Printed max");
  }
  out.figure("Min");
  out.figure("Max");
  out.label("Unit");
  out.label("Values of a tile");
  for (const Parameter& p : kParameters) {
    std::vector<Cell> row{std::string(p.printed)};
    if (printed.exists()) {
      row.push_back(printed.cell(p.printed, "Min"));
      row.push_back(printed.cell(p.printed, "Max"));
    }
    row.insert(row.end(), {Number{box.lo[p.action]}, Number{box.hi[p.action]},
                           std::string(action_info(p.action).unit), std::string(p.tile)});
    out.ours(std::move(row));
  }
  return {out.take()};
}

}  // namespace tilewright
