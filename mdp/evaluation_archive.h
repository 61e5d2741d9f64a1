// An evaluation as fields of a StateArchive.
#pragma once

#include "mdp/problem.h"
#include "support/state_archive.h"

namespace tilewright {

template <class Archive>
void serialize(Archive& archive, Evaluation& e) {
  archive(e.design, e.unit, e.score, e.feasible, e.violation, e.tok_s, e.power_mw, e.area_mm2,
          e.margins, e.hazards, e.reward, e.state);
}

}  // namespace tilewright
