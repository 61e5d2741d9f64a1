// What Tilewright can do, by the columns of the paper's Table 1, and the tests that prove it.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace tilewright {

struct ProvingTest {
  const char* name;  // "Suite.Test", or the name that ctest knows
  const char* file;  // where it is, from the root of the repository
};

struct Capability {
  const char* column;  // of the printed table
  const char* title;
  const char* value;  // where it is no tick: the target
  std::vector<ProvingTest> tests;
};

std::span<const Capability> capabilities();

}  // namespace tilewright
