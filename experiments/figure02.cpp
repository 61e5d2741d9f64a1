// Figure 2: the layers of the actor and of the world model, with their weights.
#include "agents/searcher.h"
#include "arch/actions.h"
#include "experiments/table_builder.h"
#include "experiments/tables.h"
#include "mdp/environment.h"
#include "mdp/state.h"

namespace tilewright {
namespace {

constexpr double kChoices = 2 * kMeshDeltaMax + 1;

double setting(const std::map<std::string, std::string>& settings, const std::string& key) {
  return parse_number(settings.at(key), key);
}

}  // namespace

std::vector<ExperimentTable> figure02(const ExperimentInputs& inputs) {
  const auto settings = default_settings("paper", inputs.episodes);
  const double state = kPolicyStateSize, hidden = setting(settings, "hidden"),
               one_hot = kMeshActions * kChoices, moves = kActionCount;
  // The world model reads the mesh's moves as numbers, as one-hot heads and moves go into critics.
  const double step = kActionCount;
  const double first = setting(settings, "world_first"), second = setting(settings, "world_second");
  TableBuilder out("figure02_network", "Layers of the actor and of the world model");
  out.label("Network");
  out.label("Layer");
  for (const char* name : {"Inputs", "Outputs", "Parameters"}) out.figure(name);
  const auto layer = [&](const char* network, const char* name, double in, double outputs) {
    out.ours({std::string(network), std::string(name), Number{in}, Number{outputs},
              Number{in * outputs + outputs}});
  };
  layer("actor", "hidden 1", state, hidden);
  layer("actor", "hidden 2", hidden, hidden);
  layer("actor", "mesh heads", hidden, one_hot);
  layer("actor", "means", hidden, moves);
  layer("actor", "log deviations", hidden, moves);
  layer("world model", "hidden 1", state + step, first);
  layer("world model", "hidden 2", first, second);
  layer("world model", "change of state", second, state);
  return {out.take()};
}

}  // namespace tilewright
