// What a Surrogate holds.
#pragma once

#include <memory>

#include "surrogate/case.h"
#include "surrogate/kernel.h"
#include "surrogate/surrogate.h"

namespace tilewright {

struct Surrogate::Impl {
  kernel::Case c;
  DesignBox box;
  Calibration calibration;
  NodeEntry entry;
  Mode mode = Mode::kHighPerformance;
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<Mapper> mapper;
  bool printed = false;
  std::array<double, kernel::kFactorCount> l1_constants{};  // 1 where none is known
  std::int64_t page_tokens = 16;
};

// The closed form at one design with optional multipliers (kFactorCount of them), and the same
// without speculative decoding; fills everything of a Ppa but factors.
Ppa make_ppa(const kernel::Case& c, const ActionVector& actions, const double* multipliers,
             kernel::Terms<double>* terms = nullptr);

void count_l0(std::size_t evaluations);  // into Surrogate::l0_calls()

// What L1 multiplies the closed form's guesses by; `factors`, when given, receives them in words.
std::array<double, kernel::kFactorCount> l1_multipliers(const Surrogate::Impl& impl,
                                                        const ActionVector& actions,
                                                        const Mapping& mapping,
                                                        std::vector<Factor>* factors);

}  // namespace tilewright
