// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_decode against the instruction table: every opcode with every funct3 and funct7, the other
// bits random, several times: legality, registers, immediate, what executes it and on what.
#include "Vdut.h"
#include "arch/isa/isa.h"
#include "command_number.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

enum Kind {
  kAlu,
  kBranch,
  kJalr,
  kLoop,
  kMulDiv,
  kLoad,
  kStore,
  kHalt,
  kCommand,
  kVector
};  // tcc_core_pkg

Kind kind_of(const isa::Instruction& i) {
  if (i.op == isa::Op::kHalt) return kHalt;
  if (i.unit == isa::Unit::kVector) return kVector;
  const bool ours = i.unit == isa::Unit::kTensor || i.unit == isa::Unit::kNetwork;
  if (i.op == isa::Op::kWait || (ours && i.op != isa::Op::kId)) return kCommand;
  if (i.op == isa::Op::kJalr) return kJalr;
  if (i.op == isa::Op::kLoop) return kLoop;
  if (i.unit == isa::Unit::kMulDiv) return kMulDiv;
  if (i.format == isa::Format::kB) return kBranch;
  if (i.format == isa::Format::kLoad) return kLoad;
  if (i.format == isa::Format::kS) return kStore;
  return kAlu;
}

bool has_immediate(isa::Format f) {
  return isa::has(f, isa::Operand::kNumber) || isa::has(f, isa::Operand::kUpper) ||
         isa::has(f, isa::Operand::kTarget) || isa::has(f, isa::Operand::kAddress);
}

// Of tcc_alu, and funct3 for every other unit.
std::uint32_t op_of(const isa::Instruction& i, std::uint32_t word) {
  const bool adds = i.format == isa::Format::kU || i.format == isa::Format::kJ ||
                    i.format == isa::Format::kRd || i.op == isa::Op::kLoop;
  if (adds) return 0;
  if (kind_of(i) == kCommand) return command_number(word);
  const bool has_alternative = i.format == isa::Format::kR || i.format == isa::Format::kShift;
  return ((word >> 12) & 7) | (has_alternative ? (word >> 30 & 1) << 3 : 0);
}

class Bench {
 public:
  void check(std::uint32_t word) {
    dut_.word_i = word;
    dut_.eval();
    const isa::Instruction* i = isa::decode(word);
    verdict_.expect((dut_.legal_o != 0) == (i != nullptr), "legal", word);
    ++words_;
    if (i == nullptr) return;
    ++legal_;
    if (i->unit == isa::Unit::kVector) return check_vector(*i, word);
    const isa::Operands o = isa::operands_of(i->format, word);
    verdict_.expect(dut_.kind_o == kind_of(*i), "kind", word);
    verdict_.expect(dut_.rd_o == o.rd && dut_.rs1_o == o.rs1 && dut_.rs2_o == o.rs2, "registers",
                    word);
    // A shift's amount is the low five bits.
    const std::uint32_t mask = i->format == isa::Format::kShift ? 31 : ~0U;
    if (has_immediate(i->format)) {
      verdict_.expect((dut_.imm_o & mask) == static_cast<std::uint32_t>(o.imm), "immediate", word);
    }
    if (i->op != isa::Op::kHalt) verdict_.expect(dut_.op_o == op_of(*i, word), "op", word);
    const bool jal = i->op == isa::Op::kJal;
    verdict_.expect((dut_.a_is_pc_o != 0) == (jal || i->op == isa::Op::kAuipc), "pc", word);
    verdict_.expect((dut_.b_is_link_o != 0) == jal, "link", word);
    const bool two_registers = isa::has(i->format, isa::Operand::kRs2) || i->op == isa::Op::kLoop ||
                               kind_of(*i) == kCommand;
    if (i->op != isa::Op::kHalt) {
      verdict_.expect((dut_.b_is_imm_o != 0) == (!two_registers && !jal), "second operand", word);
    }
    verdict_.expect((dut_.jal_o != 0) == (i->op == isa::Op::kJal), "jal", word);
    verdict_.expect((dut_.a_is_cycle_o != 0) == (i->op == isa::Op::kCycle), "cycle", word);
    verdict_.expect((dut_.a_is_id_o != 0) == (i->op == isa::Op::kId), "id", word);
  }
  int report() const {
    return verdict_.report(std::to_string(words_) + " words, " + std::to_string(legal_) +
                           " of them instructions");
  }

 private:
  // Of a vector instruction the core needs rs1 alone; the unit gets the word.
  void check_vector(const isa::Instruction& i, std::uint32_t word) {
    const bool scalar =
        isa::has(i.format, isa::Operand::kRs1) || isa::has(i.format, isa::Operand::kAddress);
    verdict_.expect(dut_.kind_o == kVector, "kind", word);
    verdict_.expect(dut_.rd_o == 0 && dut_.rs2_o == 0, "registers", word);
    verdict_.expect(dut_.rs1_o == (scalar ? isa::operands_of(i.format, word).rs1 : 0), "rs1", word);
    verdict_.expect(dut_.b_is_imm_o != 0 && dut_.imm_o == word, "word", word);
    verdict_.expect(dut_.jal_o == 0 && dut_.a_is_pc_o == 0 && dut_.a_is_cycle_o == 0 &&
                        dut_.a_is_id_o == 0 && dut_.b_is_link_o == 0,
                    "what it is not", word);
  }

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
