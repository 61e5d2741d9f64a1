// The model-based searcher: learn the evaluation from what was evaluated, plan in what was learned,
// evaluate, again.
#include "agents/builtin.h"
#include "agents/model/race.h"
#include "support/state_archive.h"

namespace tilewright {
namespace {

class ModelSearch final : public Searcher {
 public:
  explicit ModelSearch(const model::RaceSettings& settings) : settings_(settings) {}
  std::string name() const override { return "model"; }
  bool plans_with_free_model() const override { return true; }
  std::vector<std::string> diagnostics() const override {
    return {"descent", "noise", "rough_variance"};
  }
  std::vector<double> diagnostics_row(std::int64_t evaluation) const override {
    const auto row = static_cast<std::size_t>(evaluation);
    return row < rows_.size() ? rows_[row] : std::vector<double>(diagnostics().size(), 0.0);
  }

  void run(Oracle& oracle) override {
    model::RaceHooks hooks;
    hooks.chosen = [&](std::int64_t number, const model::Descent& descent,
                       const std::vector<ActionVector>& batch) {
      const model::Kernel& kernel = descent.model().kernel();
      rows_.resize(static_cast<std::size_t>(oracle.used()), {0, 0, 0});
      rows_.insert(rows_.end(), batch.size(),
                   {static_cast<double>(number), kernel.noise, kernel.rough_variance});
    };
    model::Race race(oracle, settings_, "model", hooks);
    oracle.persist_with([&](StateArchive& archive) {
      archive(rows_);
      race.persist(archive);
    });
    race.run();
  }

 private:
  model::RaceSettings settings_;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

std::unique_ptr<Searcher> make_model_search(const SearchOptions& options) {
  SettingsReader reader("model", options);
  const model::RaceSettings settings = model::read_race_settings(reader);
  reader.finish();
  return std::make_unique<ModelSearch>(settings);
}

}  // namespace tilewright
