#include "frontend/scope.h"

#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

using proto::AttributeView;

// One step: `reference` among the attributes of the innermost call, else among its function's
// defaults. `scope` becomes the one in which the found attribute stands.
const AttributeView* follow(std::string_view reference, const Scope*& scope,
                            const std::string& user) {
  while (scope != nullptr && scope->call == nullptr) {
    scope = scope->parent;
  }
  if (scope == nullptr) {
    throw Error("TW-ONNX-033",
                "an attribute refers to " + in_quotes(reference) + " outside of any function",
                user);
  }
  for (const AttributeView& given : scope->call->attributes) {
    if (given.name == reference) {
      scope = scope->caller;
      return &given;
    }
  }
  for (const AttributeView& standard : *scope->defaults) {
    if (standard.name == reference) {
      return &standard;
    }
  }
  return nullptr;
}

}  // namespace

std::string in_quotes(std::string_view name) {
  return "'" + printable(name) + "'";
}

std::int32_t resolve(std::string_view name, const Scope& scope, const std::string& user) {
  if (name.empty()) {
    return -1;
  }
  for (const Scope* level = &scope; level != nullptr; level = level->parent) {
    if (const auto entry = level->names.find(name); entry != level->names.end()) {
      return entry->second;
    }
  }
  throw Error("TW-ONNX-030", "the tensor " + in_quotes(name) + " is used but never defined", user,
              "export the model again; every tensor needs a node, an input or an initialiser");
}

const AttributeView* resolve_attribute(const AttributeView& given, const Scope& scope,
                                       const std::string& user) {
  const AttributeView* view = &given;
  const Scope* at = &scope;
  for (int hops = 0; view != nullptr && !view->reference.empty(); ++hops) {
    if (hops > kMaxDepth) {
      throw Error("TW-ONNX-033", "attribute references run in a circle", user);
    }
    view = follow(view->reference, at, user);
  }
  return view;
}

}  // namespace tilewright
