// What every classical searcher shares: runs of an algorithm, one after the other, until the budget
// is spent.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/classical/objective.h"
#include "agents/searcher.h"

namespace tilewright {

// One run of an algorithm within a search.
struct Run {
  Objective& objective;
  RandomStream& random;
  int index;            // 0, 1, 2, ...: how often it was restarted
  std::int64_t budget;  // evaluations that the whole search may take

  bool first() const { return index == 0; }
  std::int64_t remaining() const { return objective.oracle().remaining(); }
  unsigned seed() const { return static_cast<unsigned>(random.bits() >> 32); }
};

// A searcher that runs an algorithm again and again: an algorithm ends by returning, or by RunOver
// when it stopped improving; the search ends when the budget does, or when a hundred runs in a row
// found no design that was not known.
class RestartedSearcher : public Searcher {
 public:
  void run(Oracle& oracle) final;

 protected:
  virtual Repair repair() const { return Repair::kClip; }
  virtual void one_run(Run& run) = 0;
};

// Where populations come from: first the initial design, later the best design found; the others
// uniform in the box, or, with spread > 0, normal around the first with that standard deviation,
// mirrored at the faces.
using UnitPoint = std::vector<double>;
UnitPoint start_point(const Run& run);
UnitPoint boxed(const ActionVector& unit);  // to_unit may leave the box by a rounding
UnitPoint scattered_point(Run& run, const UnitPoint& around, double spread);

}  // namespace tilewright
