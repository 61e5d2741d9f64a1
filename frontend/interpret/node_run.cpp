#include "frontend/interpret/node_run.h"

#include "support/error.h"

namespace tilewright {

const Value& NodeRun::in(std::size_t i) const {
  static_cast<void>(input(i));  // refuses an absent one
  return *inputs_[i];
}

std::int64_t NodeRun::int_or(std::size_t i, std::int64_t otherwise) const {
  if (!has(i)) return otherwise;
  const std::vector<std::int64_t> values = ints(i);
  if (values.size() != 1) mismatch("input " + std::to_string(i) + " is not one number");
  return values[0];
}

double NodeRun::real_or(std::size_t i, double otherwise) const {
  if (!has(i)) return otherwise;
  const std::vector<double> values = reals(i);
  if (values.size() != 1) mismatch("input " + std::to_string(i) + " is not one number");
  return values[0];
}

Value& NodeRun::out(std::size_t i) {
  const Tensor& described = output(i);
  Value& value = outputs_[i];
  if (value.type == DType::kUndefined) {
    if (!described.has_shape) {
      throw Error("TW-SHAPE-002", "the shape of output " + std::to_string(i) + " is not known",
                  describe(node()));
    }
    value = make(described.type, described.shape);
  }
  return value;
}

void NodeRun::put(std::size_t i, Value value) {
  require_room(value.count(), held_bytes(value.type, 1, precision_));
  if (has_output(i)) outputs_[i] = std::move(value);
}

void NodeRun::require_room(std::int64_t count, std::int64_t size) const {
  if (product({count, size}) <= bytes_left_) return;
  throw Error("TW-RUN-004",
              std::to_string(count) + " elements of " + std::to_string(size) +
                  " bytes are more than may be held",
              describe(node()), "give the run more memory, or the model smaller inputs");
}

Value NodeRun::make(DType type, Shape shape) {
  const std::int64_t count = product(shape);
  require_room(count, held_bytes(type, 1, precision_));
  bytes_left_ -= held_bytes(type, count, precision_);
  return make_value(type, std::move(shape), precision_);
}

void NodeRun::refuse(const std::string& what) const {
  throw Error("TW-RUN-005", "this form of the operator is not run: " + what, describe(node()));
}

void NodeRun::wrong_type(const Value& value) const {
  throw Error("TW-RUN-001",
              std::string("the operator does not take a tensor of type ") + dtype_name(value.type),
              describe(node()));
}

}  // namespace tilewright
