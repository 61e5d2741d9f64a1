// Writes the files that come from the instruction table into a source tree: isa_files FOLDER
#include <cstdio>

#include "codegen/isa_files.h"
#include "support/error.h"
#include "support/file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: isa_files FOLDER\n");
    return 2;
  }
  try {
    for (const tilewright::IsaFile& file : tilewright::isa_files())
      tilewright::write_file(std::filesystem::path(argv[1]) / file.path, file.text);
  } catch (const tilewright::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
  return 0;
}
