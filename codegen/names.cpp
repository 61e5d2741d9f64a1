#include "codegen/names.h"

#include <algorithm>

namespace tilewright {
namespace {

constexpr std::size_t kMaxIdentifier = 32;
constexpr std::size_t kMaxComment = 100;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string design_identifier(std::string_view name) {
  std::string id;
  for (const char raw : name) {
    const char c = to_lower(raw);
    if (is_lower(c) || is_digit(c)) {
      id += c;
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  if (id.size() > kMaxIdentifier) {
    id.resize(kMaxIdentifier);
  }
  while (!id.empty() && id.back() == '_') {
    id.pop_back();
  }
  if (id.empty()) {
    return "design";
  }
  if (is_digit(id.front()) || id.starts_with("tcc")) {
    id = design_identifier("d_" + id);
  }
  return id;
}

std::string comment_text(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kMaxComment)) {
    out += c >= ' ' && c <= '~' && c != '\\' ? c : '?';
  }
  return out;
}

bool plain_file_name(std::string_view name) {
  const auto allowed = [](char c) {
    return is_lower(to_lower(c)) || is_digit(c) || c == '_' || c == '.';
  };
  return !name.empty() && name.front() != '.' && name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace tilewright
