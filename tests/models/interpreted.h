// Runs a built model in the reference interpreter, in float64.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/interpret/interpreter.h"

namespace tilewright::test {

using Inputs = std::map<std::string, Value>;

Value reals(const std::vector<std::int64_t>& shape, const std::vector<double>& values);
Value integers(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& values);

class Interpreted {
 public:
  explicit Interpreted(const std::string& bytes);
  ~Interpreted();
  Interpreted(const Interpreted&) = delete;
  Interpreted& operator=(const Interpreted&) = delete;

  // Outputs by name; shapes are those of `inputs`.
  Inputs run(const Inputs& inputs) const;

 private:
  std::filesystem::path file_;
};

}  // namespace tilewright::test
