// What Yosys's "stat -liberty" says of a netlist.
#pragma once

#include <string>

namespace tilewright {

struct MappedArea {
  double area = -1;      // in the library's unit; below 0: not said
  std::string unmapped;  // a cell of Yosys's own that is left; empty: none
};

MappedArea read_stat(const std::string& text);

}  // namespace tilewright
