// Files that come from the instruction table (arch/isa): the constants of the RTL's decoder, a
// header for C programs, and the document. They are kept in the source tree, since the hardware
// library and its readers need no build; a test holds them to the table, and
// `cmake --build build --target isa_files` writes them.
#pragma once

#include <string>
#include <vector>

namespace tilewright {

struct IsaFile {
  std::string path;  // in the source tree
  std::string text;
};

std::vector<IsaFile> isa_files();

}  // namespace tilewright
