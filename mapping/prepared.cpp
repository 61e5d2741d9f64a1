#include "mapping/prepared.h"

#include <algorithm>
#include <map>

namespace tilewright {
namespace {

bool has_work(const WorkOp& op) {
  if (op.weight_bytes > 0) return true;  // every weight byte needs a tile, whoever reads it
  return op.kind != OpKind::kShape &&
         (op.tensor_elements > 0 || op.vector_elements > 0 || op.memory_bytes > 0);
}

// Anchors start a group: tensor work, or weights above a thousandth of the model's.
bool is_anchor(const WorkOp& op, std::int64_t all_weights) {
  const bool tensor = op.groups > 0 && op.k > 0 && op.m > 0 && op.positions > 0;
  return tensor || (op.weight_bytes > 0 && op.weight_bytes * 1000 >= all_weights);
}

SplitShape shape_of(const WorkOp& op) {
  if (op.groups <= 0 || op.k <= 0 || op.m <= 0 || op.positions <= 0) return {};
  const auto [lo, hi] = std::minmax({static_cast<double>(op.positions), static_cast<double>(op.m)});
  return {static_cast<double>(op.groups) * lo, hi, static_cast<double>(op.k)};
}

double work_of(const WorkOp& op) {
  return op.runs * (op.tensor_elements + op.vector_elements);
}

// The group of the producer that gives the most bytes: light work stays where its data is.
std::int32_t follow(const WorkOp& op, const std::vector<std::int32_t>& group_of) {
  std::int32_t best = -1;
  std::int64_t most = -1;
  for (std::size_t i = 0; i < op.producers.size(); ++i) {
    const auto group = group_of[static_cast<std::size_t>(op.producers[i])];
    const auto bytes = i < op.producer_bytes.size() ? op.producer_bytes[i] : 0;
    if (group >= 0 && bytes > most) {
      most = bytes;
      best = group;
    }
  }
  return best;
}

void add_vector(std::vector<VectorWork>& list, double elements) {
  if (elements <= 0) return;
  const auto at = std::lower_bound(list.begin(), list.end(), elements,
                                   [](const VectorWork& w, double e) { return w.elements < e; });
  if (at != list.end() && at->elements == elements) {
    at->count += 1;
  } else {
    list.insert(at, {elements, 1});
  }
}

struct Builder {
  Mapper::Prepared& out;
  std::vector<GroupCost> costs;  // one a group until equal ones are merged
  std::vector<std::map<std::int32_t, double>> edges;
  std::vector<double> work;

  std::int32_t open(const WorkOp& op) {
    out.groups.emplace_back();
    costs.emplace_back();
    edges.emplace_back();
    work.push_back(0);
    costs.back().part = op.part;
    costs.back().shape = shape_of(op);
    costs.back().runs = op.runs;
    const double rows = static_cast<double>(std::max<std::int64_t>(1, op.groups) *
                                            std::max<std::int64_t>(1, op.positions));
    out.groups.back().input_row_bytes = static_cast<double>(op.input_bytes) / rows;
    out.groups.back().output_row_bytes = static_cast<double>(op.output_bytes) / rows;
    return static_cast<std::int32_t>(out.groups.size()) - 1;
  }

  void join(const WorkOp& op, std::size_t g) {
    auto& group = out.groups[g];
    group.weight_bytes += static_cast<double>(op.weight_bytes);
    group.operators[static_cast<std::size_t>(op.part)] += 1;
    const double own = work_of(op);
    work[g] += own;
    group.raw += own * op.raw;
    group.war += own * op.war;
    group.waw += own * op.waw;
    add_vector(costs[g].vectors[static_cast<std::size_t>(op.part)], op.runs * op.vector_elements);
    out.useful_cycles_lanes += own;
    for (std::size_t i = 0; i < op.producers.size(); ++i) {
      const auto source = out.group_of[static_cast<std::size_t>(op.producers[i])];
      if (source < 0 || source == static_cast<std::int32_t>(g) || i >= op.producer_bytes.size())
        continue;
      edges[g][source] += op.runs * static_cast<double>(op.producer_bytes[i]);
    }
  }

  void close_edges(Group& group, const std::map<std::int32_t, double>& from) {
    double all = 0;
    for (const auto& [source, bytes] : from) all += bytes;
    group.first_edge = static_cast<std::int32_t>(out.edges.size());
    group.edge_count = static_cast<std::int32_t>(from.size());
    for (const auto& [source, bytes] : from)
      out.edges.push_back({source, all > 0 ? static_cast<float>(bytes / all) : 0, bytes});
  }

  void close() {
    std::map<GroupCost, std::int32_t> index;
    for (std::size_t g = 0; g < out.groups.size(); ++g) {
      auto& group = out.groups[g];
      const auto [at, fresh] =
          index.try_emplace(costs[g], static_cast<std::int32_t>(out.costs.size()));
      if (fresh) out.costs.push_back(costs[g]);
      group.cost = at->second;
      group.part = costs[g].part;
      close_edges(group, edges[g]);
      if (work[g] > 0) {
        group.raw /= work[g];
        group.war /= work[g];
        group.waw /= work[g];
      }
      out.weight_bytes += group.weight_bytes;
    }
  }
};

}  // namespace

std::int64_t weight_parts(const Workload& workload, const WeightTensor& weight) {
  if (weight.owner < 0) return 1;
  const std::int64_t experts = workload.ops[static_cast<std::size_t>(weight.owner)].experts;
  return experts > 1 && weight.count % experts == 0 ? experts : 1;
}

double weight_parts(const Workload& workload) {
  double parts = 0;
  for (const WeightTensor& weight : workload.weights)
    parts += static_cast<double>(weight_parts(workload, weight));
  return parts;
}

void prepare(const Workload& workload, Mapper::Prepared& out) {
  out.workload = workload;
  out.weight_parts = weight_parts(workload);
  out.group_of.assign(workload.ops.size(), -1);
  Builder builder{out, {}, {}, {}};
  for (std::size_t i = 0; i < workload.ops.size(); ++i) {
    const auto& op = workload.ops[i];
    if (!has_work(op)) {
      // Shape arithmetic and views do no work, but data flows through them to the next operator.
      out.group_of[i] = follow(op, out.group_of);
      continue;
    }
    std::int32_t group =
        is_anchor(op, workload.totals.weight_bytes) ? -1 : follow(op, out.group_of);
    if (group < 0) group = builder.open(op);
    builder.join(op, static_cast<std::size_t>(group));
    out.group_of[i] = group;
  }
  builder.close();
  for (std::size_t i = 0; i < workload.ops.size(); ++i) {
    if (!has_work(workload.ops[i])) out.group_of[i] = -1;
  }
}

}  // namespace tilewright
