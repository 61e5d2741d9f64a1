#include <algorithm>

#include "frontend/bind_dims.h"
#include "frontend/external_data.h"
#include "frontend/frontend.h"
#include "frontend/graph_builder.h"
#include "frontend/infer_shapes.h"
#include "frontend/onnx_file.h"
#include "frontend/onnx_proto.h"
#include "frontend/pulp_dialect.h"
#include "frontend/text.h"
#include "support/error.h"
#include "support/file.h"

namespace tilewright {

namespace {

// Sums over a graph's tensors then fit 64 bits, be each in it many times.
void check_total(const Graph& graph) {
  constexpr double kMost = 0x1p50;
  double bytes = 0;
  for (const Tensor& tensor : graph.tensors) {
    if (tensor.has_shape) bytes += static_cast<double>(dtype_bytes(tensor.type, tensor.elements()));
  }
  if (bytes > kMost) {
    throw Error("TW-GRAPH-003", "the tensors have more than 2^50 bytes together",
                graph.file.string());
  }
}

}  // namespace

Graph load_graph(const std::filesystem::path& file, const LoadOptions& options) {
  const MappedFile mapped(file);
  const proto::ModelView model = proto::parse_model(mapped.bytes(), file.string());
  BuiltGraph built = build_graph(model, {file, mapped.bytes()}, options.most_expanded);
  sort_nodes(built.graph);
  settle_pulp_dialect(built.graph);
  const auto symbols = bind_inputs(built, options);
  infer_shapes(built, symbols, options.allow_opaque);
  check_total(built.graph);
  built.graph.sha256 = sha256(mapped.bytes());
  return std::move(built.graph);
}

std::vector<std::string> input_names(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  const proto::ModelView model = proto::parse_model(mapped.bytes(), file.string());
  std::vector<std::string> names;
  const auto& weights = model.graph.initialisers;
  for (const proto::ValueView& input : model.graph.inputs) {
    const bool is_weight = std::any_of(weights.begin(), weights.end(), [&](const auto& weight) {
      return weight.name == input.name;
    });
    if (!is_weight) names.emplace_back(input.name);
  }
  return names;
}

std::string read_weight(const Graph& graph, const Tensor& weight) {
  const std::string where = "tensor '" + printable(weight.name) + "'";
  const WeightLocation& place = weight.location;
  const std::filesystem::path folder = graph.file.parent_path();
  switch (place.kind) {
    case WeightLocation::Kind::kExternal:
      return read_external(folder, place.file, place.offset, place.bytes, where);
    case WeightLocation::Kind::kInline: {
      const MappedFile mapped(graph.file);
      const auto size = static_cast<std::int64_t>(mapped.bytes().size());
      if (place.offset > size || place.bytes > size - place.offset) {
        throw Error("TW-ONNX-022", "the model file became shorter since it was loaded", where);
      }
      const std::string_view held = mapped.bytes().substr(static_cast<std::size_t>(place.offset),
                                                          static_cast<std::size_t>(place.bytes));
      return place.raw ? std::string(held)
                       : inline_bytes(proto::parse_tensor(held, graph.file.string()), weight.type);
    }
    case WeightLocation::Kind::kMemory:
      return *place.memory;
    case WeightLocation::Kind::kNone:
      break;
  }
  throw Error("TW-ONNX-023", "the tensor's values are not stored in the model", where);
}

}  // namespace tilewright
