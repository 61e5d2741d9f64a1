#include "surrogate/surrogate.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "support/error.h"
#include "surrogate/bands.h"
#include "surrogate/die.h"
#include "surrogate/impl.h"
#include "surrogate/kernel_inl.h"
#include "surrogate/widths.h"

namespace tilewright {
namespace {

std::atomic<std::uint64_t> l0_counter{0};

kernel::Point<double> point_of(const ActionVector& actions) {
  kernel::Point<double> p{};
  std::copy(actions.begin(), actions.end(), p.a);
  return p;
}

Ceiling lowest(const Ppa& p) {
  if (p.ceiling_compute <= p.ceiling_memory && p.ceiling_compute <= p.ceiling_noc)
    return Ceiling::kCompute;
  return p.ceiling_memory <= p.ceiling_noc ? Ceiling::kMemory : Ceiling::kNoc;
}

double cross_score(const ModeTerms& m, const Ppa& p) {
  return m.cross_perf * kernel::score_term(m.cross_tok_s / p.tok_s) +
         m.cross_power * kernel::score_term(p.power_mw / m.cross_power_mw) +
         m.cross_area * kernel::score_term(p.area_mm2 / m.cross_area_mm2);
}

PhysicalPpa physical_of(const kernel::Case& c, double mesh_w, const kernel::Terms<double>& t) {
  PhysicalPpa p;
  p.mac_mw = t.mac_mw;
  p.control_mw = t.control_mw;
  p.die_to_die_mw = t.die_to_die_mw;
  p.sram_mm2 = t.sram_mm2;
  p.pitch_mm = t.pitch_mm;
  p.rom_fj_bit = t.rom_fj_bit;
  p.kv_tokens = c.workload.kv_bytes_per_token > 0 ? std::floor(t.kv_tokens) : 0;
  p.utilisation = t.latency_share;
  const Dies dies = dies_of(t.area, kernel::die_cuts<double>(c.topology, mesh_w) + 1,
                            c.refs.reticle_mm2, c.units.shape.wafer_mm, c.units.value.data());
  p.dies = dies.count;
  p.die_mm2 = dies.mm2;
  p.yield = dies.yield;
  p.cost_usd = dies.cost_usd;
  return p;
}

// Section 13: the rule-made design's own values, unless flags say otherwise. Those of a mesh, so
// that scores and budgets of other topologies can be held against its.
References rule_references(Surrogate::Impl& impl, const Surrogate& self,
                           const Overrides& overrides) {
  const auto& c = impl.c.c;
  impl.c.refs.power_budget_mw = overrides.power_budget_mw.value_or(0);
  impl.c.refs.area_budget_mm2 =
      overrides.area_budget_mm2.value_or(overrides.power_budget_mw ? 1e9 : 0);
  if (overrides.area_budget_mm2 && !overrides.power_budget_mw) impl.c.refs.power_budget_mw = 1e12;
  // A mode may ask for a rate of its own where tokens are made.
  const Scalars& asked = impl.calibration.modes.at(impl.mode).scalars;
  const bool floor = impl.c.form == Form::kUnits && asked.has("rate_floor_tok_s") &&
                     impl.c.workload.kv_bytes_per_token > 0;
  if (floor) impl.c.refs.min_tok_s = asked.get("rate_floor_tok_s");
  const ActionVector first = rule_design(impl.c, impl.box);
  // Any references will do to evaluate it: rate, power and area do not depend on them.
  impl.c.refs.tok_s = impl.c.refs.power_mw = impl.c.refs.area_mm2 = impl.c.refs.min_tok_s = 1;
  impl.c.refs.power_budget_mw = impl.c.refs.area_budget_mm2 = 1;
  const Ppa ppa = impl.mapper ? self.evaluate_l1(first) : self.evaluate_l0(first);
  References r;
  r.tok_s = ppa.tok_s;
  r.power_mw = ppa.power_mw;
  r.area_mm2 = ppa.area_mm2;
  r.power_budget_mw = c.feasible_budget_power * ppa.power_mw;
  r.area_budget_mm2 =
      c.feasible_budget_area_field_mm2 / c.feasible_budget_area_printed_mm2 * ppa.area_mm2;
  r.min_tok_s = floor ? asked.get("rate_floor_tok_s") : c.feasible_budget_rate * ppa.tok_s;
  r.source =
      "the rule-made first design of " + impl.c.workload.name + " at " + impl.entry.node.name();
  return r;
}

std::array<double, kernel::kFactorCount> l1_constants(const NodeEntry& node, Mode mode) {
  std::array<double, kernel::kFactorCount> constants{};
  constants.fill(1);
  const auto found = node.l1.find(mode);
  if (found == node.l1.end()) return constants;
  for (std::size_t f = 0; f < kernel::kFactorCount; ++f) {
    const auto value = found->second.find(kernel::factor_name(f));
    if (value != found->second.end()) constants[f] = value->second;
  }
  return constants;
}

void check_positive(const std::optional<double>& value, const char* flag) {
  if (value && !(*value > 0 && std::isfinite(*value))) {
    throw Error("TW-SURR-002", "must be a positive number", flag);
  }
}

}  // namespace

void count_l0(std::size_t evaluations) {
  l0_counter.fetch_add(evaluations, std::memory_order_relaxed);
}

Ppa make_ppa(const kernel::Case& c, const ActionVector& actions, const double* multipliers,
             kernel::Terms<double>* terms) {
  kernel::Terms<double> t{};
  kernel::evaluate<double>(c, point_of(actions), multipliers, t);
  Ppa p;
  p.topology = c.topology;
  p.tok_s = t.tok_s;
  p.power_mw = t.power;
  p.area_mm2 = t.area;
  p.compute_mw = t.compute_mw;
  p.noc_mw = t.noc_mw;
  p.sram_mw = t.sram_mw;
  p.rom_mw = t.rom_mw;
  p.leak_mw = t.leak_mw;
  p.tile_mm2 = t.tile_mm2;
  p.rom_mm2 = t.rom_mm2;
  p.ceiling_compute = t.ceil_compute;
  p.ceiling_memory = t.ceil_memory;
  p.ceiling_noc = t.ceil_noc;
  p.binding = lowest(p);
  p.latency_ms = 1e3 * c.batch / p.tok_s;
  p.energy_mj = p.power_mw / p.tok_s;
  p.gops = p.tok_s * c.workload.flops_per_unit * 1e-9;
  p.clock_mhz = actions[kClock] * c.node.f_max_mhz;
  p.hazard_raw = t.h_raw;
  p.hazard_war = t.h_war;
  p.hazard_waw = t.h_waw;
  p.memory_pressure = t.pressure;
  std::copy(std::begin(t.margins), std::end(t.margins), p.margins.begin());
  p.violation = violation_of(p.margins, c.c.feasible_tolerance);
  p.feasible = p.violation == 0;
  p.score = t.score;
  p.cross_score = cross_score(c.mode, p);
  p.over_reticle = p.area_mm2 > c.refs.reticle_mm2;
  p.reference = c.refs.source;
  p.tok_s_plain = p.tok_s;
  if (actions[kDraft] > 0) {
    ActionVector plain = actions;
    plain[kDraft] = 0;
    kernel::Terms<double> without{};
    kernel::evaluate<double>(c, point_of(plain), multipliers, without);
    p.tok_s_plain = without.tok_s;
  }
  if (c.form == Form::kUnits) p.physical = physical_of(c, actions[kMeshW], t);
  if (terms != nullptr) *terms = t;
  return p;
}

Surrogate::Surrogate(const Calibration& calibration, const NodeEntry& node, Mode mode,
                     std::shared_ptr<const Workload> workload, const Overrides& overrides,
                     const std::string& printed_name)
    : impl_(std::make_unique<Impl>()) {
  for (const auto& [value, flag] :
       {std::pair{overrides.power_budget_mw, "--power-budget"},
        std::pair{overrides.area_budget_mm2, "--area-budget"},
        std::pair{overrides.min_tok_s, "--min-throughput"},
        std::pair{overrides.clock_mhz, "--clock"}, std::pair{overrides.batch, "--batch"},
        std::pair{overrides.context, "--context"}, std::pair{overrides.reticle_mm2, "--reticle"}}) {
    check_positive(value, flag);
  }
  auto& impl = *impl_;
  impl.calibration = calibration;
  impl.entry = node;
  impl.mode = mode;
  impl.workload = std::move(workload);
  const auto* printed = printed_workload(calibration, mode, impl.workload.get(), printed_name);
  impl.printed = printed != nullptr;
  if (printed == nullptr && impl.workload == nullptr) {
    throw Error("TW-SURR-003",
                "the calibration prints no workload '" + printed_name + "' in this mode",
                mode_name(mode), "give a model");
  }
  const double banks = calibration.scalars.get_or("rate.accumulator_banks", 1);
  const auto constants =
      printed != nullptr
          ? constants_of(*printed, form_of(calibration))
          : constants_of(*impl.workload, calibration.scalars.get("memory.activation_bytes"), banks);
  const Widths widths =
      widths_of(impl.workload.get(), constants, impl.printed, overrides.weights, banks);
  impl.c = make_case(calibration, node, mode, constants, impl.printed, widths, overrides);
  impl.box = make_box(calibration, impl.c, mode, impl.printed, overrides);
  impl.page_tokens = static_cast<std::int64_t>(impl.c.c.workload_page_tokens);
  impl.l1_constants = l1_constants(node, mode);
  if (impl.workload) impl.mapper = std::make_unique<Mapper>(*impl.workload);

  auto& refs = impl.c.refs;
  refs.reticle_mm2 = overrides.reticle_mm2.value_or(impl.c.c.workload_reticle_mm2);
  const bool as_printed = impl.printed && impl.c.form == Form::kMeanField;
  refs = as_printed ? printed_references(calibration, node, mode, constants.name)
                    : rule_references(impl, *this, overrides);
  if (overrides.power_budget_mw) refs.power_budget_mw = *overrides.power_budget_mw;
  if (overrides.area_budget_mm2) refs.area_budget_mm2 = *overrides.area_budget_mm2;
  if (overrides.min_tok_s) refs.min_tok_s = *overrides.min_tok_s;
  set_topology(impl.c, overrides.topology);
  refs.weights = {impl.c.mode.weight_perf, impl.c.mode.weight_power, impl.c.mode.weight_area};
  refs.reticle_mm2 = overrides.reticle_mm2.value_or(impl.c.c.workload_reticle_mm2);
}

Surrogate::~Surrogate() = default;
Surrogate::Surrogate(Surrogate&&) noexcept = default;

Ppa Surrogate::evaluate_l0(const ActionVector& actions) const {
  count_l0(1);
  Ppa ppa = make_ppa(impl_->c, actions, nullptr);
  ppa.level = "L0";
  return ppa;
}

ActionVector Surrogate::reference_design(double mesh_w, double mesh_h) const {
  return reference_at(impl_->calibration, impl_->entry, impl_->mode, mesh_w, mesh_h);
}

std::optional<ActionVector> Surrogate::printed_design() const {
  const auto found = impl_->entry.printed.find(impl_->mode);
  if (!impl_->printed || found == impl_->entry.printed.end()) return std::nullopt;
  const auto& point = found->second;
  ActionVector a = reference_design(point.mesh_w, point.mesh_h);
  a[kVlen] = point.vlen_bits;
  a[kClock] = point.clock_mhz / impl_->c.node.f_max_mhz;
  return a;
}

ActionVector Surrogate::initial_design() const {
  return rule_design(impl_->c, impl_->box);
}
const DesignBox& Surrogate::box() const {
  return impl_->box;
}
const References& Surrogate::references() const {
  return impl_->c.refs;
}
const WorkloadConstants& Surrogate::constants() const {
  return impl_->c.workload;
}
const ProcessNode& Surrogate::node() const {
  return impl_->entry.node;
}
Mode Surrogate::mode() const {
  return impl_->mode;
}
double Surrogate::batch() const {
  return impl_->c.batch;
}
double Surrogate::context() const {
  return impl_->c.context;
}
const Topology& Surrogate::topology() const {
  return impl_->c.topology;
}
const Workload* Surrogate::workload() const {
  return impl_->workload.get();
}
const Mapper* Surrogate::mapper() const {
  return impl_->mapper.get();
}
std::uint64_t Surrogate::l0_calls() {
  return l0_counter.load(std::memory_order_relaxed);
}

void Surrogate::add_bands(const ActionVector& actions, const Mapping* mapping, Ppa& ppa) const {
  if (!ppa.physical) return;
  if (mapping == nullptr) {
    tilewright::add_bands(impl_->c, point_of(actions), nullptr, *ppa.physical);
    return;
  }
  const auto multipliers = l1_multipliers(*impl_, actions, *mapping, nullptr);
  tilewright::add_bands(impl_->c, point_of(actions), multipliers.data(), *ppa.physical);
}

}  // namespace tilewright
