#include "explore/page.h"

#include "explore/page_template.h"
#include "support/json.h"

namespace tilewright {
namespace {

// JSON text that can stand in a <script> element: "<" occurs in strings alone. Bytes that are no
// UTF-8 are replaced.
std::string script_json(const Json& data) {
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string explore_page(const Json& data) {
  std::string page(page_template());
  page.replace(page.find(kDataMarker), kDataMarker.size(), script_json(data));
  return page;
}

}  // namespace tilewright
