// Every operator that we count, or refuse by name: one line an operator in the table of its family.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/op_view.h"
#include "frontend/workload.h"

namespace tilewright {

class NodeRun;

// Element types that an operator takes, of its first input that is no index or condition.
enum class Types { kAny, kNumbers, kFloats, kIntegers, kBooleans };

// How many inputs and outputs a node has, over all operator sets. The first `least_inputs` and
// `least_outputs` must be named; others may be left out.
inline constexpr int kMany = 1 << 30;
struct Arity {
  int least_inputs = 0, most_inputs = kMany, most_outputs = 1, least_outputs = 1;
};
constexpr Arity arity(int least_inputs, int most_inputs, int most_outputs = 1,
                      int least_outputs = 1) {
  return {least_inputs, most_inputs, most_outputs, least_outputs};
}

struct OpRule {
  const char* domain;  // "" is ai.onnx
  const char* type;
  int since;  // first operator set that has it; all later ones are read up to kNewestOpset
  Arity operands;
  Types types;
  OpKind kind;
  // Types and shapes of all outputs, and values where they are cheap, from the inputs, all of which
  // have shapes. False when they depend on data that are not known.
  bool (*infer)(OpInfer& op);
  // FLOPs, matrix view and element operations of one execution; may lower the kind to kShape when
  // this node moves no data. `cost` is the last column. Bytes, hazards and the rest are the same
  // for all operators and counted in workload.cpp.
  void (*count)(const OpView& op, double cost, WorkOp& work);
  double cost = 0;  // element operations per element; see the family's file
  // What the interpreter runs; nullptr: it does not.
  void (*run)(NodeRun& op) = nullptr;
  const char* limits = nullptr;   // what of the operator's text is not supported
  const char* refusal = nullptr;  // not null: why we do not count it
  // Not null: a product that runs before the node's own work. It becomes an operator of its own,
  // "NAME/projection", which owns the node's weights (com.microsoft.Attention).
  void (*projection)(const OpView& op, WorkOp& work) = nullptr;
};

// The newest operator set whose texts the rules and kernels follow.
inline constexpr int kNewestOpset = 26;

std::string range_text(int least, int most);  // "2", "1 to 3", "1 or more"
bool takes(Types types, DType type);

// nullptr when the operator is not in any table.
const OpRule* find_rule(std::string_view domain, std::string_view type);

// All rules, by domain and type.
std::vector<const OpRule*> all_rules();

// The families.
std::span<const OpRule> elementwise_rules();
std::span<const OpRule> matmul_rules();
std::span<const OpRule> conv_rules();
std::span<const OpRule> reduction_rules();
std::span<const OpRule> move_rules();
std::span<const OpRule> resize_rules();
std::span<const OpRule> selection_rules();
std::span<const OpRule> shape_rules();
std::span<const OpRule> quantised_rules();
std::span<const OpRule> attention_rules();
std::span<const OpRule> recurrent_rules();
std::span<const OpRule> spectral_rules();
std::span<const OpRule> contrib_rules();
std::span<const OpRule> pulp_rules();
std::span<const OpRule> refused_rules();

}  // namespace tilewright
