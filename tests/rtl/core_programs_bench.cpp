// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_core on the C programs of tests/verify/programs, compiled by Debian's GCC into the folder
// PROGRAMS. Each returns a checksum, 0 where it found itself wrong.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "core_harness.h"

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main() {
  using namespace tilewright::rtl;
  CoreHarness core;
  const std::string folder = std::string(PROGRAMS) + "/";
  for (const std::string name : {"sort", "crc", "matrix", "strings"}) {
    const std::vector<std::uint8_t> text = bytes_of(folder + name + ".text");
    std::vector<std::uint32_t> program((text.size() + 3) / 4);
    for (std::size_t i = 0; i < text.size(); ++i)
      program[i / 4] |= std::uint32_t{text[i]} << (8 * (i % 4));
    core.expect(!program.empty(), "no program", 0);
    const std::uint64_t cycles = core.cycles(), retired = core.retired();
    core.run(program, bytes_of(folder + name + ".data"), 0, 1);
    core.expect(core.x(10) != 0, "the program found itself wrong", 0);
    if (!core.ok()) std::fprintf(stderr, "in %s\n", name.c_str());
    std::printf("%s: %.3f instructions a cycle\n", name.c_str(),
                static_cast<double>(core.retired() - retired) /
                    static_cast<double>(core.cycles() - cycles));
  }
  return core.report();
}
