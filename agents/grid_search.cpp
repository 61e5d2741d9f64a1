#include <array>

#include "agents/builtin.h"
#include "agents/settings.h"

namespace tilewright {
namespace {

struct Axis {
  std::array<Action, 2> actions;  // moved together
  double levels;                  // of the 4,800-point grid
};

constexpr std::array<Axis, 6> kAxes{{{{kMeshW, kMeshH}, 10},
                                     {{kVlen, kVlen}, 4},
                                     {{kDmem, kDmem}, 5},
                                     {{kKvCompaction, kKvCompaction}, 3},
                                     {{kFetch, kFetch}, 2},
                                     {{kWmem, kWmem}, 4}}};
using Levels = std::array<std::int64_t, kAxes.size()>;

std::int64_t points(const Levels& levels) {
  std::int64_t product = 1;
  for (const std::int64_t n : levels) product *= n;
  return product;
}

// Adds a level to the axis that lags most behind its proportion, as long as the grid fits; an axis
// that no longer fits does not keep the others from growing.
Levels levels_within(std::int64_t budget) {
  Levels levels;
  levels.fill(1);
  std::array<bool, kAxes.size()> full{};
  while (true) {
    std::size_t next = kAxes.size();
    for (std::size_t i = 0; i < kAxes.size(); ++i) {
      const auto lag = [&](std::size_t a) {
        return static_cast<double>(levels[a]) / kAxes[a].levels;
      };
      if (!full[i] && (next == kAxes.size() || lag(i) < lag(next))) next = i;
    }
    if (next == kAxes.size()) return levels;
    ++levels[next];
    if (points(levels) > budget) {
      --levels[next];
      full[next] = true;
    }
  }
}

class GridSearch final : public Searcher {
 public:
  std::string name() const override { return "grid"; }

  void run(Oracle& oracle) override {
    const Levels levels = levels_within(oracle.remaining());
    std::vector<ActionVector> grid(static_cast<std::size_t>(points(levels)),
                                   oracle.problem().initial_unit());
    for (std::size_t p = 0; p < grid.size(); ++p) place(p, levels, grid[p]);
    oracle.evaluate(grid);
  }

 private:
  static void place(std::size_t point, const Levels& levels, ActionVector& unit) {
    auto rest = static_cast<std::int64_t>(point);
    for (std::size_t i = 0; i < kAxes.size(); ++i) {
      const auto level = static_cast<double>(rest % levels[i]);
      rest /= levels[i];
      for (const Action action : kAxes[i].actions) {
        unit[action] = (level + 0.5) / static_cast<double>(levels[i]);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Searcher> make_grid_search(const SearchOptions& options) {
  SettingsReader("grid", options).finish();
  return std::make_unique<GridSearch>();
}

}  // namespace tilewright
