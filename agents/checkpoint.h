// What a search that was stopped goes on from.
#pragma once

#include <string>
#include <vector>

#include "mdp/problem.h"

namespace tilewright {

class StateArchive;

struct Checkpoint {
  std::vector<Evaluation> log;  // in order, all so far
  std::string state;            // of a searcher that keeps one, as of the end of the log
};

// With the question that the search answers, so that it is never continued as another one.
std::string to_bytes(const Checkpoint& checkpoint, const std::string& question);
// Throws Errors TW-STATE-001 and TW-STATE-002 (no checkpoint, or a damaged one) and TW-AGENT-006
// (of another question), naming `where`.
Checkpoint checkpoint_from_bytes(const std::string& bytes, const std::string& question,
                                 const std::string& where);

}  // namespace tilewright
