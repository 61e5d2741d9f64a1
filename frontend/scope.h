// What a name means while a graph is built: tensors and attributes, through functions and branches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/onnx_proto.h"

namespace tilewright {

// Names visible in a graph; the body of a function sees only its own.
struct Scope {
  std::unordered_map<std::string_view, std::int32_t> names;  // tensor indices
  const Scope* parent = nullptr;
  std::string prefix;                     // of names that inlining brings in
  const proto::NodeView* call = nullptr;  // the call whose attributes the body refers to
  const std::vector<proto::AttributeView>* defaults = nullptr;
  const Scope* caller = nullptr;  // resolves references in the call's own attributes
};

// How deep functions and branches may nest.
inline constexpr int kMaxDepth = 32;

// Index of the tensor that `name` means, -1 for the empty name. Error TW-ONNX-030 at `user` when
// nothing defines it.
std::int32_t resolve(std::string_view name, const Scope& scope, const std::string& user);

// The attribute that holds the value of `given`: itself, or what its ref_attr_name leads to through
// the calls around it; nullptr when no call gave one. Error TW-ONNX-033 at `user`.
const proto::AttributeView* resolve_attribute(const proto::AttributeView& given, const Scope& scope,
                                              const std::string& user);

std::string in_quotes(std::string_view name);  // made printable

}  // namespace tilewright
