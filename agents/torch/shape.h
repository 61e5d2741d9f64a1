// What a task looks like to the networks: sizes known at run time, so that the code that searches
// designs also learns the toys of the tests.
#pragma once

#include <cstdint>
#include <vector>

namespace tilewright::rl {

// An action as networks read it is its heads one-hot, then its moves: [inputs()].
struct Shape {
  std::int64_t states = 0;              // features of an observation
  std::int64_t heads = 0, choices = 0;  // discrete part: independent heads of as many choices
  std::int64_t moves = 0;               // continuous part, each within -1..1
  // Moves that the policy has outputs for and nobody reads: the paper's head is 80 wide although
  // its first four means belong to the discrete heads.
  std::int64_t idle_moves = 0;
  // Where each head and each move acts among the states; empty: no feature is one of the action's.
  std::vector<std::int64_t> places = {};

  std::int64_t one_hot() const { return heads * choices; }
  std::int64_t inputs() const { return one_hot() + moves; }
  std::int64_t steps() const { return heads + moves; }  // one number a head, one a move
  std::int64_t head_width() const { return one_hot() + 2 * (idle_moves + moves); }
  std::int64_t critic_inputs() const {
    return states + inputs() + static_cast<std::int64_t>(places.size());
  }
};

}  // namespace tilewright::rl
