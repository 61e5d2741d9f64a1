#include "frontend/workload.h"
#include "support/error.h"
#include "support/json.h"

namespace tilewright {
namespace {

// One list of members for both directions: `f` is called with every member's key and a reference.
template <typename Totals, typename F>
void members_of_totals(Totals& t, F&& f) {
  f("operators", t.operators);
  f("parameters", t.parameters);
  f("weight_bytes", t.weight_bytes);
  f("weight_tensors", t.weight_tensors);
  f("graph_inputs", t.graph_inputs);
  f("graph_outputs", t.graph_outputs);
  f("flops_per_unit", t.flops_per_unit);
  f("matmul_flops", t.matmul_flops);
  f("conv_flops", t.conv_flops);
  f("general_flops", t.general_flops);
  f("vector_elements", t.vector_elements);
  f("scalar_instructions", t.scalar_instructions);
  f("memory_bytes", t.memory_bytes);
  f("activation_bytes", t.activation_bytes);
  f("instructions", t.instructions);
  f("kv_bytes_per_token", t.kv_bytes_per_token);
  f("layers", t.layers);
  f("d_model", t.d_model);
  f("kv_heads", t.kv_heads);
  f("head_dim", t.head_dim);
  f("context", t.context);
}

template <typename Op, typename F>
void members_of_op(Op& op, F&& f) {
  f("name", op.name);
  f("type", op.type);
  f("runs", op.runs);
  f("flops", op.flops);
  f("groups", op.groups);
  f("positions", op.positions);
  f("k", op.k);
  f("m", op.m);
  f("weight_bytes", op.weight_bytes);
  f("weight_count", op.weight_count);
  f("input_bytes", op.input_bytes);
  f("output_bytes", op.output_bytes);
  f("kv_read_bytes", op.kv_read_bytes);
  f("kv_write_bytes", op.kv_write_bytes);
  f("tensor_elements", op.tensor_elements);
  f("vector_elements", op.vector_elements);
  f("scalar_instructions", op.scalar_instructions);
  f("memory_bytes", op.memory_bytes);
  f("raw", op.raw);
  f("war", op.war);
  f("waw", op.waw);
  f("producers", op.producers);
  f("consumers", op.consumers);
  f("producer_bytes", op.producer_bytes);
  f("layer", op.layer);
}

template <typename Weight, typename F>
void members_of_weight(Weight& w, F&& f) {
  f("name", w.name);
  f("owner", w.owner);
  f("bytes", w.bytes);
  f("count", w.count);
  f("dtype", w.dtype);
}

struct Writer {
  Json& json;
  template <typename T>
  void operator()(const char* key, const T& value) const {
    json[key] = value;
  }
};

struct Reader {
  const Json& json;
  const std::string& where;
  template <typename T>
  void operator()(const char* key, T& value) const {
    value = required<T>(json, key, where);
  }
};

constexpr OpKind kKinds[] = {OpKind::kMatMul,      OpKind::kConv, OpKind::kReduction,
                             OpKind::kElementwise, OpKind::kMove, OpKind::kShape,
                             OpKind::kOpaque};
constexpr const char* kParts[] = {"matmul", "conv", "general"};

OpKind kind_from(const std::string& name, const std::string& where) {
  for (const OpKind kind : kKinds) {
    if (name == op_kind_name(kind)) {
      return kind;
    }
  }
  throw Error("TW-WORK-001", "operator kind '" + name + "' is not known", where);
}

PartitionClass part_from(const std::string& name, const std::string& where) {
  for (int i = 0; i < 3; ++i) {
    if (name == kParts[i]) {
      return static_cast<PartitionClass>(i);
    }
  }
  throw Error("TW-WORK-001", "partition class '" + name + "' is not known", where);
}

void read_choice(const Json& item, const std::string& where, WorkOp& op) {
  op.experts = required<std::int64_t>(item, "experts", where);
  op.chosen = required<std::int64_t>(item, "chosen", where);
  if (op.experts < 2 || op.experts > kMostExperts || op.chosen < 1) {
    throw Error("TW-WORK-004", "an operator chooses among experts that cannot be", where,
                "2 to " + std::to_string(kMostExperts) + " experts, of which 1 or more are chosen");
  }
}

// Indices within the operators, and lists that belong together of one length.
void check_links(const Workload& workload, const std::string& where) {
  const auto inside = [&](std::int32_t i) {
    return i >= 0 && static_cast<std::size_t>(i) < workload.ops.size();
  };
  bool sound = true;
  for (const WorkOp& op : workload.ops) {
    sound = sound && op.producers.size() == op.producer_bytes.size();
    for (const auto* list : {&op.producers, &op.consumers}) {
      for (const std::int32_t i : *list) {
        sound = sound && inside(i);
      }
    }
  }
  for (const WeightTensor& weight : workload.weights) {
    sound = sound && inside(weight.owner);
  }
  if (!sound) {
    throw Error("TW-WORK-002", "an operator index is out of range", where);
  }
}

template <typename F>
void each_of(const Json& json, const char* key, const std::string& where, F&& f) {
  const Json list = required<Json>(json, key, where);
  if (!list.is_array()) {
    throw Error("TW-WORK-003", std::string("'") + key + "' is not a list", where);
  }
  for (const Json& item : list) {
    f(item);
  }
}

}  // namespace

Json to_json(const Workload& workload) {
  Json json;
  json["schema"] = kWorkloadSchema;
  json["schema_version"] = kWorkloadSchemaVersion;
  json["name"] = workload.name;
  json["model_sha256"] = workload.model_sha256;
  json["unit"] = workload.unit;
  json["has_kv_cache"] = workload.has_kv_cache;
  Json totals;
  members_of_totals(workload.totals, Writer{totals});
  json["totals"] = std::move(totals);
  json["operators"] = Json::array();
  for (const WorkOp& op : workload.ops) {
    Json item;
    item["kind"] = op_kind_name(op.kind);
    item["part"] = kParts[static_cast<std::size_t>(op.part)];
    members_of_op(op, Writer{item});
    if (op.experts > 0) {
      item["experts"] = op.experts;
      item["chosen"] = op.chosen;
    }
    json["operators"].push_back(std::move(item));
  }
  json["weights"] = Json::array();
  for (const WeightTensor& weight : workload.weights) {
    Json item;
    members_of_weight(weight, Writer{item});
    json["weights"].push_back(std::move(item));
  }
  return json;
}

Workload workload_from_json(const Json& json, const std::string& where) {
  check_schema(json, kWorkloadSchema, kWorkloadSchemaVersion, where);
  Workload workload;
  workload.name = required<std::string>(json, "name", where);
  workload.model_sha256 = required<std::string>(json, "model_sha256", where);
  workload.unit = required<std::string>(json, "unit", where);
  workload.has_kv_cache = required<bool>(json, "has_kv_cache", where);
  members_of_totals(workload.totals, Reader{required<Json>(json, "totals", where), where});
  each_of(json, "operators", where, [&](const Json& item) {
    WorkOp op;
    op.kind = kind_from(required<std::string>(item, "kind", where), where);
    op.part = part_from(required<std::string>(item, "part", where), where);
    members_of_op(op, Reader{item, where});
    if (item.contains("experts")) {
      read_choice(item, where, op);
    }
    workload.ops.push_back(std::move(op));
  });
  each_of(json, "weights", where, [&](const Json& item) {
    WeightTensor weight;
    members_of_weight(weight, Reader{item, where});
    workload.weights.push_back(std::move(weight));
  });
  check_links(workload, where);
  return workload;
}

}  // namespace tilewright
