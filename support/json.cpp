#include "support/json.h"

#include <algorithm>

#include "support/file.h"

namespace tilewright {

std::string to_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json parse_json(const std::string& text, const std::string& where) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(e.byte, text.size()));
    const auto line = 1 + std::count(text.begin(), end, '\n');
    throw Error("TW-JSON-002", "not valid JSON at line " + std::to_string(line), where,
                "check the file against its JSON Schema");
  }
}

Json read_json(const std::filesystem::path& path) {
  return parse_json(read_file(path), path.string());
}

void check_schema(const Json& object, const std::string& name, int version,
                  const std::string& where) {
  const auto found = required<std::string>(object, "schema", where);
  if (found != name) {
    throw Error("TW-JSON-004", "holds a '" + found + "', not a '" + name + "'", where);
  }
  const int got = required<int>(object, "schema_version", where);
  if (got != version) {
    throw Error("TW-JSON-004",
                name + " version " + std::to_string(got) + " can't be read; this program reads " +
                    std::to_string(version),
                where);
  }
}

}  // namespace tilewright
