#include "schema_check.h"
#include "support/json.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace tilewright {
namespace {

const std::set<std::string> kKnown{"$schema", "$id",        "title",       "description",
                                   "type",    "const",      "enum",        "minimum",
                                   "maximum", "multipleOf", "properties",  "required",
                                   "items",   "minItems",   "prefixItems", "additionalProperties"};

bool has_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "integer") return value.is_number_integer();
  return type == "number" && value.is_number();
}

bool has_any_type(const Json& value, const Json& types) {
  if (types.is_string()) return has_type(value, types.get<std::string>());
  return std::any_of(types.begin(), types.end(),
                     [&](const Json& t) { return has_type(value, t.get<std::string>()); });
}

class Checker {
 public:
  void check(const Json& schema, const Json& value, const std::string& at) {
    for (const auto& [key, rule] : schema.items()) {
      if (!kKnown.contains(key))
        report(at, "the schema uses '" + key + "', which this check does not know");
    }
    if (schema.contains("type") && !has_any_type(value, schema["type"]))
      return report(at, "has another type");
    if (schema.contains("const") && value != schema["const"]) report(at, "is not the constant");
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
      report(at, "is none of the allowed values: " + value.dump());
    }
    if (value.is_number()) check_number(schema, value.get<double>(), at);
    if (value.is_object()) check_object(schema, value, at);
    if (value.is_array()) check_array(schema, value, at);
  }
  std::vector<std::string> take() { return std::move(found_); }

 private:
  void report(const std::string& at, const std::string& what) {
    found_.push_back((at.empty() ? "/" : at) + ": " + what);
  }

  void check_number(const Json& schema, double value, const std::string& at) {
    if (schema.contains("minimum") && value < schema["minimum"].get<double>())
      report(at, "is too small");
    if (schema.contains("maximum") && value > schema["maximum"].get<double>())
      report(at, "is too large");
    if (schema.contains("multipleOf") &&
        std::fmod(value, schema["multipleOf"].get<double>()) != 0) {
      report(at, "is not a multiple");
    }
  }

  void check_object(const Json& schema, const Json& value, const std::string& at) {
    const Json properties = schema.value("properties", Json::object());
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>()))
        report(at + "/" + name.get<std::string>(), "is missing");
    }
    for (const auto& [name, item] : value.items()) {
      if (properties.contains(name)) {
        check(properties[name], item, at + "/" + name);
      } else if (schema.contains("additionalProperties") &&
                 schema["additionalProperties"] == false) {
        report(at + "/" + name, "is not in the schema");
      }
    }
  }

  void check_array(const Json& schema, const Json& value, const std::string& at) {
    const Json prefix = schema.value("prefixItems", Json::array());
    if (value.size() < schema.value("minItems", std::size_t{0})) report(at, "is too short");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string here = at + "/" + std::to_string(i);
      if (i < prefix.size()) {
        check(prefix[i], value[i], here);
      } else if (schema.contains("items")) {
        if (schema["items"] == false) {
          report(here, "is one item too many");
        } else {
          check(schema["items"], value[i], here);
        }
      }
    }
  }

  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> schema_violations(const Json& schema, const Json& value) {
  Checker checker;
  checker.check(schema, value, "");
  return checker.take();
}

}  // namespace tilewright
