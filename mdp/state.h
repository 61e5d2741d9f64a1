// What an agent sees of a design: 73 features in the groups of paper Table 2, and the 52 of them
// that the policy reads. The table in state.cpp is the one place where a feature has its index,
// name and formula; docs/state.md is generated from it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "arch/actions.h"

namespace tilewright {

class Surrogate;
struct Mapping;
struct Ppa;

inline constexpr std::size_t kStateSize = 73;
inline constexpr std::size_t kPolicyStateSize = 52;

// Every feature is finite and in [-1, 1]. Single precision: networks read it, and the log keeps it.
using StateVector = std::array<float, kStateSize>;
using PolicyState = std::array<float, kPolicyStateSize>;

struct StateFeature {
  std::string_view group;  // row of paper Table 2
  std::string_view name;
  std::string_view meaning;  // formula; `sat(x)` is x / (1 + x)
  bool policy;               // one of the 52
};
std::span<const StateFeature> state_features();

// The 52 features that the policy reads, in index order.
PolicyState policy_state(const StateVector& state);

// Where each of the 30 actions has its own place in the unit box among the 52: all are there.
std::array<std::size_t, kActionCount> policy_places_of_actions();

// Text of docs/state.md.
std::string state_markdown();

// Prepared once a problem: the workload's own features are counted here, not at every evaluation.
class StateEncoder {
 public:
  explicit StateEncoder(const Surrogate& surrogate);  // keeps a reference

  // `design` is projected and `unit` is its place in the unit box. Without a mapping (L0) features
  // of the load are those of an even load.
  StateVector encode(const ActionVector& design, const ActionVector& unit, const Ppa& ppa,
                     const Mapping* mapping) const;

 private:
  struct Fixed;
  const Surrogate& surrogate_;
  std::shared_ptr<const Fixed> fixed_;
};

}  // namespace tilewright
