// JSON in the project's fixed form: keys in the order written, two spaces, doubles that read back
// to the same bits.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "support/json_fwd.h"

namespace tilewright {

// The text of `value` with a final newline.
std::string to_text(const Json& value);

// Throws Error TW-JSON-001 (unreadable) or TW-JSON-002 (not JSON, with line and column).
Json parse_json(const std::string& text, const std::string& where);
Json read_json(const std::filesystem::path& path);

// `object[key]` as T; throws Error TW-JSON-003 naming the missing or mistyped key.
template <typename T>
T required(const Json& object, const char* key, const std::string& where);

// Throws Error TW-JSON-004 unless `object` carries schema == `name` and a version we can read.
void check_schema(const Json& object, const std::string& name, int version,
                  const std::string& where);

}  // namespace tilewright

#include "support/json_inl.h"
