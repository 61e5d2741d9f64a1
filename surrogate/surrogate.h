// Design x Workload x ProcessNode -> Ppa, at two fidelities: L0 is the closed form of surrogate.md,
// L1 maps the real operator graph and counts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "arch/actions.h"
#include "arch/design.h"
#include "arch/topology.h"
#include "frontend/workload.h"
#include "mapping/mapping.h"
#include "nodes/calibration.h"
#include "surrogate/ppa.h"

namespace tilewright {

// Formats of weights as a choice of the design (physical calibration): with 8-bit activations in
// the integer formats; int4 and int3 by groups of 32 with a scale of 16 bits each.
enum class WeightFormat { kFp16, kInt8, kInt4, kInt3 };
double bits_of(WeightFormat format);

// One format for all weights of products, or others for some tensors by name: the first pattern
// that matches (*, ? and [] as in a shell) has its format.
struct WeightFormats {
  WeightFormats(WeightFormat all) : otherwise(all) {}  // NOLINT(google-explicit-constructor)
  WeightFormat of(const std::string& tensor) const;

  WeightFormat otherwise;
  std::vector<std::pair<std::string, WeightFormat>> rules;
};
// "int4", or "int4,*head*=fp16". Throws Error TW-SURR-005, TW-SUP-011.
WeightFormats parse_weight_formats(const std::string& text);

// The workload with the weights of its products in these formats. Throws Error TW-SURR-008 for a
// rule that matches none.
Workload with_weights(Workload workload, const WeightFormats& formats);

// Weights of the score's terms in rate, power and area (W of Eq. 42-44): none negative, not all 0.
using PpaWeights = std::array<double, 3>;
// "0.4,0.4,0.2". Throws Error TW-SURR-010.
PpaWeights parse_ppa_weights(const std::string& text);
// Their shares of the sum. Throws Error TW-SURR-010.
PpaWeights normalised(const PpaWeights& weights);

// What the user fixed by hand; an empty field takes the mode's or the rule's value.
struct Overrides {
  std::optional<double> power_budget_mw, area_budget_mm2, min_tok_s, clock_mhz, batch, context,
      reticle_mm2;
  bool no_assumptions = false;            // no drafts, no KV compaction, batch 1
  std::optional<WeightFormats> weights;   // as in the model's file when empty
  std::optional<PpaWeights> ppa_weights;  // those of the mode when empty; normalised when used
  Topology topology;
};

// Products of matrices that follow each other: `positions` rows of [K] times [K, M], `groups` of
// them, `times` in a unit of output.
struct Phase {
  double k = 0, m = 0, groups = 1, positions = 1, times = 1;
  double rows() const { return groups * positions; }  // of K that go in, of M that come out
};

// Weights of which a unit reads a share, chosen by a router (mixture of experts).
struct RoutedWeights {
  double share = 1;  // of the experts, that one unit reads
  double reads = 0;  // weights read for a unit, as in weight_reads
  double mib = 0;    // stored
};

// Section 13 totals that the closed form reads.
struct WorkloadConstants {
  std::string name;
  double parameters = 0, weight_mib = 0, flops_per_unit = 0;
  double kv_bytes_per_token = 0, layers = 0, d_model = 0, operators = 0;
  double share_mm = 0, share_cv = 0, share_gen = 0;
  // Of the form of units alone: weights read for a unit of output where nothing reads a row for
  // several products, and the products.
  double weight_reads = 0;
  double context_flops = 0;  // of flops_per_unit, for a token of context
  std::vector<RoutedWeights> routed;
  std::vector<Phase> phases;
};

struct References {
  double tok_s = 0, power_mw = 0, area_mm2 = 0;  // score references
  double power_budget_mw = 0, area_budget_mm2 = 0, min_tok_s = 0;
  double reticle_mm2 = 0;
  std::string source;    // "printed for llama-3.1-8b at 3nm", or "rule (section 13)"
  PpaWeights weights{};  // sum 1
};

// The outputs of one L0 evaluation in the order of surrogate_reference.csv.
struct L0Row {
  double tok_s, power_mw, area_mm2, compute_mw, noc_mw, sram_mw, rom_mw, leak_mw;
  double ceil_compute, ceil_memory, ceil_noc, score;
  bool feasible;
  Margins margins;
};

// Bands of one L0 evaluation (physical calibration).
struct L0Bands {
  Band tok_s, power_mw, area_mm2;
};

class Surrogate {
 public:
  struct Impl;  // surrogate/impl.h

  // `workload` may be null: then only L0 of a printed workload can be evaluated (no graph to map).
  // Throws Error TW-SURR-... when the calibration lacks a constant or the overrides make no sense.
  Surrogate(const Calibration& calibration, const NodeEntry& node, Mode mode,
            std::shared_ptr<const Workload> workload, const Overrides& overrides = {},
            const std::string& printed_workload = "");
  ~Surrogate();
  Surrogate(Surrogate&&) noexcept;

  // L0, at any point (continuous values allowed). The batch form is the fast one (vectorised over
  // designs); the two agree to rounding, and each is deterministic.
  Ppa evaluate_l0(const ActionVector& actions) const;
  void evaluate_l0(std::span<const ActionVector> actions, std::span<L0Row> out) const;
  // With the bands that add_bands gives, at less than three times the cost. Physical calibration
  // and a mesh only (Error TW-SURR-007).
  void evaluate_l0(std::span<const ActionVector> actions, std::span<L0Row> out,
                   std::span<L0Bands> bands) const;

  // L1. `mapping`, when given, receives the mapping (and lends its storage). Thread-safe.
  Ppa evaluate_l1(const ActionVector& actions, Mapping* mapping = nullptr) const;
  // L1 with another placement or fixed tiles, for experiments.
  Ppa evaluate_l1(const MapRequest& request, Mapping* mapping) const;
  // The second half of L1: PPA of a design as mapped.
  Ppa judge(const ActionVector& actions, const Mapping& mapping) const;
  MapRequest map_request(const ActionVector& actions) const;
  // Bands of an evaluation of this design (physical calibration; nothing to do otherwise): at L0,
  // or at L1 as mapped.
  void add_bands(const ActionVector& actions, const Mapping* mapping, Ppa& ppa) const;

  // Reference and printed designs, unprojected (surrogate.md section 2). printed_design() is empty
  // for a workload that the paper does not print.
  ActionVector reference_design(double mesh_w, double mesh_h) const;
  std::optional<ActionVector> printed_design() const;
  // The rule-made first design (section 13), projected: from workload totals, budgets and the node
  // row only.
  ActionVector initial_design() const;

  const DesignBox& box() const;  // sides narrowed by the workload
  const References& references() const;
  const WorkloadConstants& constants() const;
  const ProcessNode& node() const;
  Mode mode() const;
  double batch() const;
  double context() const;
  const Topology& topology() const;
  const Workload* workload() const;
  const Mapper* mapper() const;

  // For an infeasible design: which constraint, by how much, and the smallest single action that
  // closes it.
  std::vector<std::string> advise(const ActionVector& actions, const Ppa& ppa) const;

  // For each limit that binds a design (a margin of at most 2 %): the single action that gains most
  // score when a tenth of the limit is given away, by the closed form.
  std::vector<std::string> relaxations(const ActionVector& actions, const Ppa& ppa) const;

  // Uncalibrated factors at the printed design, for nodes/NAME/l1.toml.
  std::map<std::string, double> l1_factors_at_printed() const;

  // Number of L0 designs evaluated since start, in this process (a black-box contest reads it).
  static std::uint64_t l0_calls();

  // The whole design with derived tiles, for emission: project() must already have been applied.
  Design make_design(const ActionVector& actions, const Mapping& mapping,
                     const std::string& name) const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tilewright
