#include "verify/yosys_stat.h"

#include <cstdlib>
#include <sstream>

namespace tilewright {

// The last "Chip area" is that of the whole; "unknown" ones are blackboxes or cells of Yosys's own,
// whose names begin with "$_" or are "$" and lower case.
MappedArea read_stat(const std::string& text) {
  MappedArea result;
  constexpr std::string_view kArea = "Chip area for", kUnknown = "Area for cell type ";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(kArea) != std::string::npos)
      result.area = std::strtod(line.c_str() + line.rfind(':') + 1, nullptr);
    const std::size_t name = line.find(kUnknown);
    if (name == std::string::npos) continue;
    const std::string cell = line.substr(name + kUnknown.size());
    const bool own =
        cell.rfind("$paramod", 0) != 0 && (cell[0] == '$' || cell.rfind("\\$", 0) == 0);
    if (own && result.unmapped.empty()) result.unmapped = cell.substr(0, cell.find(' '));
  }
  return result;
}

}  // namespace tilewright
