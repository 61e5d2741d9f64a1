// The first rung of the fidelity ladder: L0 against L1 over random feasible designs at every node.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "experiments/by_node.h"
#include "experiments/statistics.h"
#include "experiments/tables.h"
#include "support/random.h"

namespace tilewright {
namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::int64_t kMostDraws = 20'000'000;
// A rank correlation above the first means that L1 says nothing new, below the second that L0
// misleads.
constexpr double kSuspiciouslyHigh = 0.999, kLow = 0.6;

struct Sample {
  std::vector<ActionVector> designs;
  std::int64_t draws = 0;
};

// Uniform over the unit box, projected, kept if L0 calls it feasible.
Sample feasible_designs(const Surrogate& surrogate, std::int64_t wanted, std::uint64_t seed) {
  RandomStream stream(seed, "fidelity." + surrogate.node().name());
  Sample sample;
  std::vector<ActionVector> batch(kBatch);
  std::vector<L0Row> rows(kBatch);
  while (std::ssize(sample.designs) < wanted && sample.draws < kMostDraws) {
    for (ActionVector& design : batch) {
      ActionVector unit{};
      for (double& u : unit) u = stream.uniform();
      design = project(from_unit(unit, surrogate.box()), surrogate.box());
    }
    surrogate.evaluate_l0(batch, rows);
    for (std::size_t i = 0; i < kBatch && std::ssize(sample.designs) < wanted; ++i) {
      ++sample.draws;
      if (rows[i].feasible) sample.designs.push_back(batch[i]);
    }
  }
  return sample;
}

struct Pairs {
  std::vector<Ppa> l0, l1;
};

Pairs evaluate_both(const Surrogate& surrogate, const std::vector<ActionVector>& designs,
                    int threads) {
  Pairs pairs{std::vector<Ppa>(designs.size()), std::vector<Ppa>(designs.size())};
#pragma omp parallel for num_threads(threads) schedule(dynamic, 16)
  for (std::size_t i = 0; i < designs.size(); ++i) {
    pairs.l0[i] = surrogate.evaluate_l0(designs[i]);
    pairs.l1[i] = surrogate.evaluate_l1(designs[i]);
  }
  return pairs;
}

std::vector<double> column(const std::vector<Ppa>& ppas, double Ppa::*member) {
  std::vector<double> values;
  values.reserve(ppas.size());
  for (const Ppa& ppa : ppas) values.push_back(ppa.*member);
  return values;
}

double rank_agreement(const Pairs& pairs, double Ppa::*member) {
  return rank_correlation(column(pairs.l0, member), column(pairs.l1, member));
}

// Mean of |L0 / L1 - 1|, percent.
double mean_error(const Pairs& pairs, double Ppa::*member) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < pairs.l0.size(); ++i) {
    errors.push_back(100 * std::fabs(pairs.l0[i].*member / (pairs.l1[i].*member) - 1));
  }
  return mean(errors);
}

// The counted factor that departs most from L0's guess: deviation of ln(value / guess) over the
// designs.
std::string loudest_factor(const Pairs& pairs) {
  std::map<std::string, std::vector<double>> logs;
  for (const Ppa& ppa : pairs.l1) {
    for (const Factor& f : ppa.factors) {
      if (f.value > 0 && f.guessed > 0) logs[f.name].push_back(std::log(f.value / f.guessed));
    }
  }
  std::string name = "none";
  double most = -1;
  for (const auto& [factor, values] : logs) {
    const double spread = deviation(values);
    if (spread <= most) continue;
    most = spread;
    name = fmt::format("{} (mean x{:.2f}, spread x{:.2f})", factor, std::exp(mean(values)),
                       std::exp(spread));
  }
  return name;
}

std::string verdict(double rank) {
  if (rank > kSuspiciouslyHigh) return "above 0.999: counting changes no order here";
  if (rank < kLow) return "below 0.6: L0 misorders designs that the mapping tells apart";
  return "within 0.6 to 0.999";
}

void add_node(ExperimentTable& out, const PaperPoint& point, const ExperimentInputs& inputs) {
  const Sample sample = feasible_designs(*point.surrogate, inputs.samples, inputs.seed);
  const Pairs pairs = evaluate_both(*point.surrogate, sample.designs, inputs.threads);
  const auto feasible =
      std::count_if(pairs.l1.begin(), pairs.l1.end(), [](const Ppa& ppa) { return ppa.feasible; });
  const double rank = rank_agreement(pairs, &Ppa::score);
  const auto count = [](auto n) { return Number{static_cast<double>(n), 0}; };
  out.table.add(
      {point.node, count(sample.designs.size()), count(sample.draws), count(feasible),
       Number{rank, 4}, Number{rank_agreement(pairs, &Ppa::tok_s), 4},
       Number{rank_agreement(pairs, &Ppa::power_mw), 4},
       Number{rank_agreement(pairs, &Ppa::area_mm2), 4}, Number{mean_error(pairs, &Ppa::score), 3},
       Number{mean_error(pairs, &Ppa::tok_s), 3}, Number{mean_error(pairs, &Ppa::power_mw), 3},
       Number{mean_error(pairs, &Ppa::area_mm2), 3}, loudest_factor(pairs), verdict(rank)});
  out.computed_row.push_back(true);
}

ExperimentTable table_for(const Study& study, const ExperimentInputs& inputs,
                          const std::string& suffix) {
  ExperimentTable out;
  out.table = Table{"fidelity_l0_l1" + suffix,
                    "L0 against L1 over random designs that L0 calls feasible, " + study.workload,
                    {{"Node", ""},
                     {"Designs", ""},
                     {"Draws", ""},
                     {"Feasible at L1", ""},
                     {"Rank score", ""},
                     {"Rank rate", ""},
                     {"Rank power", ""},
                     {"Rank area", ""},
                     {"Error score", "%"},
                     {"Error rate", "%"},
                     {"Error power", "%"},
                     {"Error area", "%"},
                     {"Counted factor furthest from its guess", ""},
                     {"Verdict", ""}},
                    {}};
  out.figure_column.assign(out.table.columns.size(), false);
  std::fill(out.figure_column.begin() + 8, out.figure_column.begin() + 12, true);
  for (const PaperPoint& point : study.points) add_node(out, point, inputs);
  return out;
}

}  // namespace

std::vector<ExperimentTable> fidelity(const ExperimentInputs& inputs) {
  return {table_for(inputs.llama, inputs, ""), table_for(inputs.smolvlm, inputs, "_smolvlm")};
}

}  // namespace tilewright
