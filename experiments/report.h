// One self-contained HTML page about a finished design. No script, no request to any network.
#pragma once

#include <string>
#include <vector>

#include "arch/design.h"
#include "experiments/svg.h"
#include "mapping/mapping.h"
#include "mdp/problem.h"
#include "surrogate/ppa.h"

namespace tilewright {

struct ReportInputs {
  const Design* design = nullptr;
  const Mapping* mapping = nullptr;
  const Ppa* ppa = nullptr;
  const std::vector<Evaluation>* log = nullptr;  // of the search, in order
  const std::vector<Evaluation>* pareto = nullptr;
  std::vector<std::string> not_generated;
  std::string unit;  // "token" or "inference"
  std::string version;
};

std::string html_report(const ReportInputs& inputs);

// VLEN, weight memory and load of every tile.
std::vector<MeshMap> mesh_maps(const Design& design, const Mapping& mapping);
std::string mesh_picture(const Design& design, const Mapping& mapping, const Ppa& ppa);

}  // namespace tilewright
