// A product of matrices and the bias added to it become a Gemm.
#include "frontend/passes/match.h"
#include "frontend/passes/pass.h"
#include "frontend/passes/rewrite.h"

namespace tilewright::pass {
namespace {

bool fuse(GraphEditor& edit, std::int32_t index) {
  const Match m(edit);
  const Node sum = edit.node(index);
  if (sum.inputs.size() != 2) return false;
  for (const std::size_t slot : {std::size_t{0}, std::size_t{1}}) {
    const std::int32_t product = sum.inputs[slot], bias = sum.inputs[1 - slot];
    const Node* const found = m.made_by(product, "MatMul");
    if (found == nullptr || !edit.used_once(product)) continue;
    const Node matmul = *found;
    const bool matrices = m.rank(matmul.inputs[0]) == 2 && m.rank(matmul.inputs[1]) == 2;
    const bool fits =
        m.is_constant(bias) && m.rank(bias) <= 2 && is_floating(edit.tensor(bias).type);
    if (!matrices || !fits) continue;
    const std::int32_t output = edit.add_op("Gemm", {matmul.inputs[0], matmul.inputs[1], bias}, {},
                                            edit.tensor(sum.outputs[0]).name + "/Gemm");
    return edit.replace(sum.outputs[0], output);
  }
  return false;
}

}  // namespace

std::int64_t fuse_gemm(GraphEditor& edit) {
  return rewrite_each(edit, "Add", fuse);
}

}  // namespace tilewright::pass
