#include "coverage_data.h"

#include <charconv>
#include <stdexcept>

namespace tilewright::rtl {
namespace {

// The value of a key between its marks: \1 key \2 value.
std::string field(const std::string& line, const std::string& key) {
  const std::string mark = "\1" + key + "\2";
  const auto at = line.find(mark);
  if (at == std::string::npos) return "";
  const auto begin = at + mark.size();
  return line.substr(begin, line.find_first_of("\1'", begin) - begin);
}

int number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::runtime_error("no number: '" + text + "'");
  return value;
}

}  // namespace

void add_coverage(std::istream& text, Coverage& coverage) {
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("C '", 0) != 0) continue;
    const std::filesystem::path file = field(line, "f");
    const std::string module = file.stem().string(), page = field(line, "page");
    const bool toggle = page.rfind("v_toggle", 0) == 0,
               is_line = page.rfind("v_line", 0) == 0 || page.rfind("v_branch", 0) == 0;
    if (file.extension() != ".sv" || module.rfind("tcc_", 0) != 0 || !(toggle || is_line)) continue;
    const auto quote = line.rfind("' ");
    if (quote == std::string::npos) throw std::runtime_error("no count: '" + line + "'");
    const Point point{toggle ? PointKind::kToggle : PointKind::kLine, module,
                      number(field(line, "l")), number(field(line, "n")), field(line, "o")};
    coverage[point] += std::stoull(line.substr(quote + 2));
  }
}

}  // namespace tilewright::rtl
