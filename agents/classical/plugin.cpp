#include "agents/plugin.h"

#include <array>

#include "agents/classical/classical.h"

namespace tilewright {
namespace {

struct Row {
  const char* name;
  std::unique_ptr<Searcher> (*make)(const SearchOptions&);
};

constexpr std::array kRows{
    Row{"cmaes", make_cmaes}, Row{"xnes", make_xnes},     Row{"de", make_de},
    Row{"sade", make_sade},   Row{"pso", make_pso},       Row{"sga", make_sga},
    Row{"nsga2", make_nsga2}, Row{"bee", make_bee},       Row{"sa", make_annealing},
    Row{"crs2", make_crs2},   Row{"isres", make_isres},   Row{"cobyla", make_cobyla},
    Row{"sbplx", make_sbplx}, Row{"bobyqa", make_bobyqa},
};

}  // namespace
}  // namespace tilewright

extern "C" __attribute__((visibility("default"))) tilewright::Searcher*
tilewright_make_classical_searcher(const std::string& name,
                                   const tilewright::SearchOptions& options) {
  for (const auto& row : tilewright::kRows) {
    if (name == row.name) return row.make(options).release();
  }
  return nullptr;
}
