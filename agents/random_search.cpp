#include "agents/builtin.h"

#include <array>

#include "agents/settings.h"

namespace tilewright {
namespace {

class RandomSearch final : public Searcher {
 public:
  std::string name() const override { return "random"; }

  void run(Oracle& oracle) override {
    RandomStream random = oracle.stream("random");
    std::array<ActionVector, 64> batch{};
    while (true) {
      for (ActionVector& unit : batch) {
        for (double& u : unit) u = random.uniform();
      }
      oracle.evaluate(batch);
    }
  }
};

}  // namespace

std::unique_ptr<Searcher> make_random_search(const SearchOptions& options) {
  SettingsReader("random", options).finish();
  return std::make_unique<RandomSearch>();
}

}  // namespace tilewright
