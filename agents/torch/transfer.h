// What a policy learned on one node or workload, for a search of another.
#pragma once

#include <string>

#include "agents/torch/sac.h"

namespace tilewright::rl {

std::string learned_by(SacAgent& agent);
// Gives the agent the networks that were learned; nothing for an empty text. Throws Errors
// TW-STATE-001 and TW-STATE-002: damaged, or of networks of another shape.
void start_learned(SacAgent& agent, const std::string& learned);

}  // namespace tilewright::rl
