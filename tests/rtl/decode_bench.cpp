// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_decode against the instruction table: every opcode with every funct3 and funct7, the other
// bits random, several times: legality, registers, immediate, what executes it and on what.
#include "Vdut.h"
#include "decoded.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

class Bench {
 public:
  void check(std::uint32_t word) {
    dut_.word_i = word;
    dut_.eval();
    const std::optional<Decoded> d = decoded(word);
    verdict_.expect((dut_.legal_o != 0) == d.has_value(), "legal", word);
    ++words_;
    if (!d) return;
    ++legal_;
    verdict_.expect(dut_.kind_o == d->kind, "kind", word);
    verdict_.expect(dut_.rd_o == d->rd && dut_.rs1_o == d->rs1 && dut_.rs2_o == d->rs2, "registers",
                    word);
    if (d->imm) verdict_.expect((dut_.imm_o & d->imm_mask) == *d->imm, "immediate", word);
    if (d->op) verdict_.expect(dut_.op_o == *d->op, "op", word);
    verdict_.expect((dut_.jal_o != 0) == d->is_jal(), "jal", word);
    verdict_.expect((dut_.a_is_pc_o != 0) == (d->first == FirstOperand::kPc), "pc", word);
    verdict_.expect((dut_.a_is_cycle_o != 0) == (d->first == FirstOperand::kCycle), "cycle", word);
    verdict_.expect((dut_.a_is_id_o != 0) == (d->first == FirstOperand::kId), "id", word);
    if (!d->second) return;
    verdict_.expect((dut_.b_is_link_o != 0) == (d->second == SecondOperand::kLink), "link", word);
    verdict_.expect((dut_.b_is_imm_o != 0) == (d->second == SecondOperand::kImmediate),
                    "second operand", word);
  }
  int report() const {
    return verdict_.report(std::to_string(words_) + " words, " + std::to_string(legal_) +
                           " of them instructions");
  }

 private:
  Vdut dut_;
  Verdict verdict_{"rtl.decode"};
  std::uint64_t words_ = 0, legal_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  Random random(11);
  const std::uint64_t rounds = size_argument(argc, argv, 10);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (std::uint32_t fields = 0; fields < 1U << 17; ++fields) {
      const std::uint32_t opcode = fields & 127, funct3 = (fields >> 7) & 7, funct7 = fields >> 10;
      // Zero where a custom instruction must have it, now and then.
      constexpr std::uint32_t kOperands[] = {0x01ff8f80, 0, 0x000f8f80, 0x01ff8000, 0x00000f80};
      const std::uint32_t rest = random.word() & kOperands[round % 5];
      bench.check(opcode | funct3 << 12 | funct7 << 25 | rest);
    }
  }
  return bench.report();
}
