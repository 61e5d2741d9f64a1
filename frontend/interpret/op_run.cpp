#include "frontend/interpret/op_run.h"

#include "support/error.h"

namespace tilewright {

const Value& OpRun::in(std::size_t i) const {
  static_cast<void>(input(i));  // refuses an absent one
  return *inputs_[i];
}

std::int64_t OpRun::int_or(std::size_t i, std::int64_t otherwise) const {
  if (!has(i)) return otherwise;
  const std::vector<std::int64_t> values = ints(i);
  if (values.size() != 1) mismatch("input " + std::to_string(i) + " is not one number");
  return values[0];
}

double OpRun::real_or(std::size_t i, double otherwise) const {
  if (!has(i)) return otherwise;
  const std::vector<double> values = reals(i);
  if (values.size() != 1) mismatch("input " + std::to_string(i) + " is not one number");
  return values[0];
}

Value& OpRun::out(std::size_t i) {
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

void OpRun::put(std::size_t i, Value value) {
  if (has_output(i)) outputs_[i] = std::move(value);
}

Value OpRun::make(DType type, Shape shape) {
  constexpr std::int64_t kLimit = 1LL << 48;
  const std::int64_t count = product(shape);
  const std::int64_t bytes = count > kLimit ? kLimit : held_bytes(type, count, precision_);
  if (bytes > bytes_left_) {
    throw Error("TW-RUN-004",
                "a tensor of " + std::to_string(count) + " elements is more than may be held",
                describe(node()), "give the run more memory, or the model smaller inputs");
  }
  bytes_left_ -= bytes;
  return make_value(type, std::move(shape), precision_);
}

void OpRun::refuse(const std::string& what) const {
  throw Error("TW-RUN-005", "this form of the operator is not run: " + what, describe(node()));
}

void OpRun::wrong_type(const Value& value) const {
  throw Error("TW-RUN-001",
              std::string("the operator does not take a tensor of type ") + dtype_name(value.type),
              describe(node()));
}

}  // namespace tilewright
