// A judged design in words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "arch/design.h"
#include "frontend/workload.h"
#include "mapping/mapping.h"
#include "surrogate/ppa.h"

namespace tilewright {

struct SearchSummary {
  std::string agent;
  std::int64_t evaluations = 0, feasible = 0;
  bool interrupted = false;
  double seconds = 0;
};

struct Summary {
  const Workload* workload = nullptr;
  const Design* design = nullptr;
  const Ppa* ppa = nullptr;
  const Mapping* mapping = nullptr;
  double other_tok_s = 0;           // the other level's rate, for the fidelity line
  std::int32_t configs_before = 0;  // distinct logic configurations before clustering; 0: not known
  double clustering_cost = 0;       // score of the clustered tiles minus score of the derived ones
  std::optional<SearchSummary> search;
  std::vector<std::string> not_generated;
  std::int64_t weight_image_bytes = 0;
  std::filesystem::path folder;  // empty: nothing was written
  std::size_t files = 0;
};

std::string summary_text(const Summary& summary);
Json summary_json(const Summary& summary);

// The parts, for other verbs.
std::string rate_text(const Ppa& ppa, const std::string& unit);
std::string components_text(const Ppa& ppa);
std::string ceilings_text(const Ppa& ppa);
std::string margins_text(const Ppa& ppa);
std::string bytes_text(double bytes);  // "14.96 GiB"

}  // namespace tilewright
