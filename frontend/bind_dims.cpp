#include "frontend/bind_dims.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>

#include "frontend/op_view.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

using proto::Dim;
using proto::ValueView;
using Symbols = std::map<std::string, std::int64_t>;

enum class Role { kToken, kCache, kMask };

struct Input {
  std::int32_t tensor;
  const ValueView* view;
  Role role = Role::kToken;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool named_like_cache(std::string_view name) {
  const std::string text = lower(name);
  return contains(text, "past") || contains(text, "cache") || contains(text, "key_value") ||
         contains(text, "kv_") || contains(text, "_kv");
}

// Does input slot `slot` of this fused attention hold the past?
bool is_past_slot(const Node& node, std::size_t slot) {
  if (node.domain == "com.microsoft") {
    return (node.type == "GroupQueryAttention" && (slot == 3 || slot == 4)) ||
           (node.type == "Attention" && slot == 4) ||
           (node.type == "MultiHeadAttention" && (slot == 6 || slot == 7));
  }
  return node.domain.empty() && node.type == "Attention" && (slot == 4 || slot == 5);
}

bool moves_data(const Node& node) {
  static const std::set<std::string> kMoves = {"Identity", "Cast",    "Transpose",
                                               "Reshape",  "Squeeze", "Gather",
                                               "Slice",    "Split",   "Unsqueeze"};
  return node.domain.empty() && kMoves.contains(node.type);
}

class CacheFinder {
 public:
  explicit CacheFinder(const Graph& graph) : graph_(graph), users_(graph.tensors.size()) {
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      for (std::size_t slot = 0; slot < graph.nodes[n].inputs.size(); ++slot) {
        if (const std::int32_t input = graph.nodes[n].inputs[slot]; input >= 0) {
          users_[static_cast<std::size_t>(input)].emplace_back(n, slot);
        }
      }
    }
  }

  // Within six data movements, breadth first.
  bool reaches_append(std::int32_t tensor) const {
    std::set<std::int32_t> seen{tensor}, front{tensor};
    for (int steps = 0; steps <= 6 && !front.empty(); ++steps) {
      std::set<std::int32_t> next;
      for (const std::int32_t t : front) {
        for (const auto& [n, slot] : users_[static_cast<std::size_t>(t)]) {
          const Node& node = graph_.nodes[n];
          if ((node.type == "Concat" && node.domain.empty()) || is_past_slot(node, slot)) {
            return true;
          }
          for (const std::int32_t output : node.outputs) {
            if (slot == 0 && output >= 0 && moves_data(node) && seen.insert(output).second) {
              next.insert(output);
            }
          }
        }
      }
      front = std::move(next);
    }
    return false;
  }

 private:
  const Graph& graph_;
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> users_;
};

bool is_open(const Dim& dim) {
  return !dim.has_value || dim.value == -1;
}

bool is_batch(const Dim& dim, std::size_t position) {
  return position == 0 || contains(lower(dim.symbol), "batch");
}

void assign_roles(const Graph& graph, std::vector<Input>& inputs) {
  const CacheFinder finder(graph);
  std::vector<Input*> candidates;
  for (Input& input : inputs) {
    const std::size_t rank = input.view->dims.size();
    if (contains(lower(input.view->name), "mask")) {
      input.role = Role::kMask;
    } else if (rank >= 3 && rank <= 5 && finder.reaches_append(input.tensor)) {
      candidates.push_back(&input);
    }
  }
  for (Input* const input : candidates) {
    if (candidates.size() > 1 || named_like_cache(input->view->name)) {
      input->role = Role::kCache;
    }
  }
}

// Alone, or as a term of a sum: "past + sequence".
bool mentions(const std::string& symbol, const std::string& name) {
  return symbol == name || contains(symbol, name + "+") || contains(symbol, name + " ") ||
         contains(symbol, "+" + name) || contains(symbol, " " + name);
}

void check_requested(const std::vector<Input>& inputs, const LoadOptions& options) {
  std::set<std::string> known;
  for (const Input& input : inputs) {
    for (const Dim& dim : input.view->dims) {
      if (is_open(dim) && !dim.symbol.empty()) {
        known.insert(printable(dim.symbol));
      }
    }
  }
  for (const auto& [name, value] : options.dims) {
    if (value <= 0) {
      throw Error("TW-ONNX-050", "dimension " + printable(name) + " must be positive", "--dim");
    }
    std::string list;
    bool used = false;
    for (const std::string& symbol : known) {
      used = used || mentions(symbol, name);
      list += (list.empty() ? "" : ", ") + symbol;
    }
    if (!used) {
      throw Error("TW-ONNX-050", "no input has an open dimension named " + printable(name), "--dim",
                  list.empty() ? "the model has no open dimensions" : "it has: " + list);
    }
  }
  constexpr std::int64_t kMaxContext = 1LL << 40;
  if (options.context < 0 || options.context > kMaxContext) {
    throw Error("TW-ONNX-050", "the context must lie between 0 and 2^40", "--context");
  }
}

void bind_symbols(const std::vector<Input>& inputs, Role role, std::int64_t sequence,
                  Symbols& symbols) {
  for (const Input& input : inputs) {
    if (input.role != role) {
      continue;
    }
    for (std::size_t i = 0; i < input.view->dims.size(); ++i) {
      const Dim& dim = input.view->dims[i];
      if (is_open(dim) && !dim.symbol.empty() && bound_dim(dim, symbols) < 0) {
        symbols[std::string(dim.symbol)] = is_batch(dim, i) ? 1 : sequence;
      }
    }
  }
}

// The shape that was given for an input; nullptr: none.
const std::vector<std::int64_t>* given_shape(const Input& input, const LoadOptions& options) {
  const auto entry = options.inputs.find(std::string(input.view->name));
  return entry == options.inputs.end() ? nullptr : &entry->second;
}

void bind_given_shapes(const std::vector<Input>& inputs, const LoadOptions& options,
                       Symbols& symbols) {
  for (const Input& input : inputs) {
    const auto* const shape = given_shape(input, options);
    if (shape == nullptr || !input.view->has_shape) continue;
    const auto& dims = input.view->dims;
    bool fits = shape->size() == dims.size();
    for (std::size_t i = 0; fits && i < dims.size(); ++i) {
      const std::int64_t value = (*shape)[i];
      if (is_open(dims[i]) && !dims[i].symbol.empty() && !contains(dims[i].symbol, "+")) {
        const auto [entry, fresh] = symbols.try_emplace(std::string(dims[i].symbol), value);
        fits = fresh || entry->second == value;
      } else {
        fits = value >= 0 && (is_open(dims[i]) || dims[i].value == value);
      }
    }
    if (!fits) {
      throw Error("TW-ONNX-052", "the given tensor does not have the shape that the model declares",
                  "input '" + printable(input.view->name) + "'");
    }
  }
}

// Tokens a step: the last dimension of the first integer input that is neither mask nor cache.
std::int64_t tokens_per_step(const BuiltGraph& built, const std::vector<Input>& inputs,
                             const Symbols& symbols) {
  for (const Input& input : inputs) {
    const DType type = built.graph.tensors[static_cast<std::size_t>(input.tensor)].type;
    if (input.role == Role::kToken && !input.view->dims.empty() &&
        (type == DType::kInt64 || type == DType::kInt32)) {
      return std::max<std::int64_t>(1, bound_dim(input.view->dims.back(), symbols));
    }
  }
  return 1;
}

// -1, which binds nothing, where it does not fit 64 bits.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? -1 : sum;
}

}  // namespace

std::int64_t bound_dim(const Dim& dim, const Symbols& symbols) {
  if (!is_open(dim)) {
    return dim.value;
  }
  if (const auto known = symbols.find(std::string(dim.symbol)); known != symbols.end()) {
    return known->second;
  }
  if (!contains(dim.symbol, "+")) {
    return -1;
  }
  std::int64_t sum = 0;
  for (std::size_t start = 0; start <= dim.symbol.size();) {
    const std::size_t end = std::min(dim.symbol.find('+', start), dim.symbol.size());
    std::string_view part = dim.symbol.substr(start, end - start);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    part = part.substr(0, part.find_last_not_of(' ') + 1);
    std::int64_t value = -1;
    if (const auto known = symbols.find(std::string(part)); known != symbols.end()) {
      value = known->second;
    } else {
      const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
      if (error != std::errc() || stop != part.data() + part.size()) {
        return -1;
      }
    }
    if (value < 0 || __builtin_add_overflow(sum, value, &sum)) {
      return -1;
    }
    start = end + 1;
  }
  return sum;
}

Symbols bind_inputs(BuiltGraph& built, const LoadOptions& options) {
  std::vector<Input> inputs;
  for (const std::int32_t tensor : built.graph.inputs) {
    inputs.push_back({tensor, built.declared.at(tensor)});
  }
  check_requested(inputs, options);
  assign_roles(built.graph, inputs);
  Symbols symbols = options.dims;
  bind_given_shapes(inputs, options, symbols);
  bind_symbols(inputs, Role::kToken, 1, symbols);
  bind_symbols(inputs, Role::kCache, options.context, symbols);
  const bool cached = std::any_of(inputs.begin(), inputs.end(),
                                  [](const Input& input) { return input.role == Role::kCache; });
  const std::int64_t whole =
      cached ? sum_of(options.context, tokens_per_step(built, inputs, symbols)) : 1;
  bind_symbols(inputs, Role::kMask, whole, symbols);

  for (const Input& input : inputs) {
    Tensor& tensor = built.graph.tensors[static_cast<std::size_t>(input.tensor)];
    if (!input.view->has_shape) {
      throw Error("TW-ONNX-051", "the graph input has no shape",
                  "tensor '" + printable(tensor.name) + "'", "export the model with input shapes");
    }
    for (std::size_t i = 0; i < input.view->dims.size(); ++i) {
      const Dim& dim = input.view->dims[i];
      if (dim.has_value && dim.value < -1) {
        throw Error("TW-ONNX-012", "dimension " + std::to_string(dim.value) + " is negative",
                    "tensor '" + printable(tensor.name) + "'");
      }
      const auto* const given = given_shape(input, options);
      std::int64_t value = given != nullptr ? (*given)[i] : bound_dim(dim, symbols);
      if (value < 0) {  // open and without a name
        const std::int64_t sequence = input.role == Role::kCache  ? options.context
                                      : input.role == Role::kMask ? whole
                                                                  : 1;
        value = is_batch(dim, i) ? 1 : sequence;
      }
      tensor.shape.push_back(value);
    }
    tensor.has_shape = true;
    check_size(tensor);
    if (tensor.type == DType::kUndefined) {
      throw Error("TW-ONNX-010", "the graph input has no known data type",
                  "tensor '" + printable(tensor.name) + "'");
    }
  }
  return symbols;
}

}  // namespace tilewright
