#pragma once

#include "support/error.h"

namespace tilewright {

template <typename T>
T required(const Json& object, const char* key, const std::string& where) {
  if (!object.is_object() || !object.contains(key)) {
    throw Error("TW-JSON-003", std::string("key '") + key + "' is missing", where);
  }
  try {
    return object.at(key).get<T>();
  } catch (const nlohmann::json::exception&) {
    throw Error("TW-JSON-003", std::string("key '") + key + "' has the wrong type", where);
  }
}

}  // namespace tilewright
