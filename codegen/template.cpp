#include "codegen/template.h"

#include <algorithm>

#include "support/error.h"

namespace tilewright {
namespace {

const std::string& value_of(std::string_view name, const Holes& holes) {
  const auto found = std::find_if(holes.begin(), holes.end(),
                                  [&](const auto& hole) { return hole.first == name; });
  if (found == holes.end()) {
    throw Error("TW-GEN-090", "no value for template hole " + std::string(name), "", "",
                ErrorKind::kInternal);
  }
  return found->second;
}

// The name of the hole that starts at `at`, empty when none does.
std::string_view hole_at(std::string_view text, std::size_t at) {
  if (text[at] != '@') {
    return {};
  }
  const std::size_t end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", at + 1);
  return end != text.npos && text[end] == '@' ? text.substr(at + 1, end - at - 1)
                                              : std::string_view();
}

}  // namespace

std::string fill(std::string_view text, const Holes& holes) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view name = hole_at(text, at);
    if (name.empty()) {
      out += text[at++];
    } else {
      out += value_of(name, holes);
      at += name.size() + 2;
    }
  }
  return out;
}

std::string commented(std::string_view text, std::string_view marker) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.append(marker).append(end > at ? " " : "").append(text.substr(at, end - at)).append("\n");
    at = end + 1;
  }
  return out;
}

}  // namespace tilewright
