// What a search may know before its first evaluation.
#pragma once

#include <memory>
#include <vector>

#include "agents/model/evaluation_model.h"

namespace tilewright::model {

// L0 of the problem: free in the contest's second track, forbidden in the first.
std::unique_ptr<const Prior> closed_form_prior(const Problem& problem);

// A model of the evaluations of another search, on another node or of another workload; for
// designs of `problem`'s box.
std::unique_ptr<const Prior> earlier_prior(const Problem& problem, const ModelSettings& settings,
                                           const std::vector<Evaluation>& earlier,
                                           RandomStream random);

}  // namespace tilewright::model
