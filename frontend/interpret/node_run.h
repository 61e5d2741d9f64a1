// A node as its kernel sees it: values of its inputs, attributes, and outputs of the type and shape
// that the operator's shape rule gives.
#pragma once

#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "frontend/interpret/allowance.h"
#include "frontend/interpret/value.h"
#include "frontend/op_view.h"

namespace tilewright {

class NodeRun : public OpView {
 public:
  // `graph` has the node's inputs with their shapes, and its outputs as inferred. A null value
  // stands for an absent input.
  NodeRun(const Graph& graph, const Node& node, std::span<const Value* const> inputs,
          Precision precision, Allowance& allowance)
      : OpView(graph, node),
        inputs_(inputs),
        outputs_(node.outputs.size()),
        precision_(precision),
        bytes_left_(allowance.bytes),
        allowance_(allowance) {}

  // Error TW-OP-005 when absent.
  const Value& in(std::size_t i) const;
  std::vector<std::int64_t> ints(std::size_t i) const { return as_ints(in(i)); }
  std::vector<double> reals(std::size_t i) const { return as_reals(in(i)); }
  // The only element of input `i`, or `otherwise` when it is absent.
  std::int64_t int_or(std::size_t i, std::int64_t otherwise) const;
  double real_or(std::size_t i, double otherwise) const;

  // Zeros of the inferred type and shape, at the first call. Error TW-SHAPE-002 when the shape
  // depends on data (then put), TW-RUN-004 when there is no room for it.
  Value& out(std::size_t i);
  // Error TW-RUN-004 when there is no room for it.
  void put(std::size_t i, Value value);
  // Zeros; counts towards the room that there is.
  Value make(DType type, Shape shape);
  // Error TW-RUN-004 unless there is room for `count` elements of `size` bytes beside the outputs.
  void require_room(std::int64_t count, std::int64_t size) const;
  // Work beyond what the operator's count says (Error TW-RUN-011).
  void spend(double amount) { allowance_.spend(amount, node()); }
  Value as(const Value& value, DType type) { return converted(value, type, precision_); }

  Precision precision() const { return precision_; }
  std::vector<Value>& results() { return outputs_; }

  // Elements of input `i` or output `i`, held as T. Error TW-RUN-001.
  template <typename T>
  const std::vector<T>& in(std::size_t i) const {
    return held<T>(in(i));
  }
  template <typename T>
  std::vector<T>& out(std::size_t i) {
    Value& value = out(i);
    auto* const elements = std::get_if<std::vector<T>>(&value.elements);
    if (elements == nullptr) wrong_type(value);
    return *elements;
  }
  template <typename T>
  const std::vector<T>& held(const Value& value) const {
    const auto* const elements = std::get_if<std::vector<T>>(&value.elements);
    if (elements == nullptr) wrong_type(value);
    return *elements;
  }

  // f(T{}) with T as input `i` is held: float or double, any of the four, int64 or uint64.
  template <typename F>
  void floats(std::size_t i, F f) {
    std::visit(
        [&](const auto& x) {
          using T = typename std::decay_t<decltype(x)>::value_type;
          if constexpr (std::is_floating_point_v<T>) {
            f(T{});
          } else {
            wrong_type(in(i));
          }
        },
        in(i).elements);
  }
  template <typename F>
  void numbers(std::size_t i, F f) {
    std::visit([&](const auto& x) { f(typename std::decay_t<decltype(x)>::value_type{}); },
               in(i).elements);
  }
  template <typename F>
  void integers(std::size_t i, F f) {
    std::visit(
        [&](const auto& x) {
          using T = typename std::decay_t<decltype(x)>::value_type;
          if constexpr (std::is_integral_v<T>) {
            f(T{});
          } else {
            wrong_type(in(i));
          }
        },
        in(i).elements);
  }

  [[noreturn]] void refuse(const std::string& what) const;  // Error TW-RUN-005

 private:
  [[noreturn]] void wrong_type(const Value& value) const;

  std::span<const Value* const> inputs_;
  std::vector<Value> outputs_;
  Precision precision_;
  std::int64_t bytes_left_;
  Allowance& allowance_;
};

}  // namespace tilewright
