// A Workload: what one execution of the model asks of the machine, operator by operator, and in
// total. Plain values; can be written to JSON and read back. Includes nothing of onnx.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/json_fwd.h"

namespace tilewright {

// What the operator does on the machine.
enum class OpKind {
  kMatMul,       // MatMul, Gemm, fused attention projections: weights or two activations
  kConv,         // Conv, ConvTranspose
  kReduction,    // softmax, norms, ReduceX, pooling: partitionable reductions
  kElementwise,  // unary, binary, activation, cast
  kMove,         // transpose, concat, slice, gather, pad, reshape that copies
  kShape,        // shape arithmetic and metadata: no work on the chip
  kOpaque,       // accepted with --allow-opaque, counted as data movement
};
const char* op_kind_name(OpKind kind);

// Which partition ratio applies (Eq. 10).
enum class PartitionClass { kMatMul, kConv, kGeneral };

// One operator. All counts are for one execution of the operator; `runs` says how often it executes
// per unit of output (a token when the model has a KV cache, else an inference).
struct WorkOp {
  std::string name;  // node name, or "OPTYPE#index" when the file gives none
  std::string type;  // ONNX operator type
  OpKind kind = OpKind::kElementwise;
  PartitionClass part = PartitionClass::kGeneral;
  double runs = 1;   // executions per output unit: 1, or 1/context for the once-a-request prefix
  double flops = 0;  // multiply and add counted as two
  // Matrix view of tensor work: `positions` rows of [K] times [K, M]; groups of it (heads, conv
  // groups). 0 when the operator is not tensor work. flops = 2 * groups * positions * k * m for
  // tensor work.
  std::int64_t groups = 0, positions = 0, k = 0, m = 0;
  std::int64_t weight_bytes =
      0;  // initialisers owned by this operator (each exactly once in a model)
  std::int64_t weight_count = 0;  // number of parameters in them
  // Of a product whose weights a router chooses (mixture of experts): how many matrices are stored,
  // and how many of them one execution reads. 0: it reads all its weights.
  std::int64_t experts = 0, chosen = 0;
  std::int64_t input_bytes = 0;                        // activations read
  std::int64_t output_bytes = 0;                       // activations written
  std::int64_t kv_read_bytes = 0, kv_write_bytes = 0;  // KV cache traffic
  // Dynamic instruction estimate by class for a machine without vectors longer than one element;
  // the mapping divides tensor and vector counts by lanes.
  double tensor_elements = 0;  // multiply-accumulates
  double vector_elements = 0;  // element operations of the vector unit
  double scalar_instructions = 0;
  double memory_bytes = 0;
  // Hazard estimates: dependent pairs per instruction, 0..1 (RAW: result of the previous one used;
  // WAR, WAW: register reuse).
  double raw = 0, war = 0, waw = 0;
  std::vector<std::int32_t> producers;  // operators whose outputs it reads, ascending, unique
  std::vector<std::int32_t> consumers;
  std::vector<std::int64_t> producer_bytes;  // bytes read from each producer, same order
  std::int32_t layer = -1;  // decoder or encoder layer it was found to belong to; -1: none
};

inline constexpr std::int64_t kMostExperts = 4096;

struct WeightTensor {
  std::string name;
  std::int32_t owner = -1;  // operator index
  std::int64_t bytes = 0;
  std::int64_t count = 0;
  std::string dtype;
};

// Totals. `per_unit` quantities are per output unit (token or inference).
struct WorkloadTotals {
  std::int64_t operators = 0;  // nodes of the graph as loaded, shape arithmetic included
  std::int64_t parameters = 0;
  std::int64_t weight_bytes = 0;
  std::int64_t weight_tensors = 0;
  std::int64_t graph_inputs = 0, graph_outputs = 0;
  double flops_per_unit = 0;
  double matmul_flops = 0, conv_flops = 0, general_flops = 0;             // per unit; shares follow
  double vector_elements = 0, scalar_instructions = 0, memory_bytes = 0;  // per unit
  double activation_bytes = 0;    // per unit, between operators
  double instructions = 0;        // per unit, scalar machine
  double kv_bytes_per_token = 0;  // all layers, uncompressed as in the file; 0: no KV cache
  std::int32_t layers = 0, d_model = 0, kv_heads = 0, head_dim = 0;
  std::int64_t context = 0;  // length of the KV cache bound at load, 0: none
};

struct Workload {
  std::string name;
  std::string model_sha256;  // of the .onnx file (not of external data)
  std::string unit;          // "token" or "inference"
  bool has_kv_cache = false;
  std::vector<WorkOp> ops;  // topological order
  std::vector<WeightTensor> weights;
  WorkloadTotals totals;
};

inline constexpr const char* kWorkloadSchema = "tilewright.workload";
inline constexpr int kWorkloadSchemaVersion = 1;
Json to_json(const Workload& workload);
Workload workload_from_json(const Json& json, const std::string& where);

}  // namespace tilewright
