#include "arch/isa/isa.h"

#include <algorithm>
#include <array>

namespace tilewright::isa {
namespace {

// Opcodes, bits [6:0].
constexpr std::uint32_t kLuiCode = 0x37, kAuipcCode = 0x17, kJalCode = 0x6f, kJalrCode = 0x67,
                        kBranchCode = 0x63, kLoadCode = 0x03, kStoreCode = 0x23, kOpImmCode = 0x13,
                        kOpCode = 0x33, kCustom0 = 0x0b, kCustom1 = 0x2b, kCustom2 = 0x5b,
                        kCustom3 = 0x7b;
// Which bits tell an instruction: opcode; with funct3; with funct3 and funct7. Of instructions with
// fewer operands, the fields that they leave are 0.
constexpr std::uint32_t kByOpcode = 0x7f, kByFunct3 = 0x707f, kByFunct7 = 0xfe00707f,
                        kRs2Is0 = 0x01f0'0000, kFlagsAre0 = 0xfe00'0f80, kOnlyCode = 0x000f'ffff,
                        kOnlyRd = 0xffff'f07f,
                        // Bit 4 of the fields of vector registers.
    kVdIsLow = 1U << 11, kVs1IsLow = 1U << 19, kVs2IsLow = 1U << 24;
// Flags of messages: their channel.
constexpr std::uint32_t kChannelFlags = 0xff;

constexpr std::uint32_t code(std::uint32_t opcode, std::uint32_t funct3 = 0,
                             std::uint32_t funct7 = 0) {
  return opcode | funct3 << 12 | funct7 << 25;
}

constexpr Instruction branch(Op op, std::string_view name, std::uint32_t funct3,
                             std::string_view effect) {
  return {op, name, Format::kB, code(kBranchCode, funct3), kByFunct3, Unit::kBranch, effect};
}
constexpr Instruction load(Op op, std::string_view name, std::uint32_t funct3,
                           std::string_view effect) {
  return {op, name, Format::kLoad, code(kLoadCode, funct3), kByFunct3, Unit::kLoadStore, effect};
}
constexpr Instruction store(Op op, std::string_view name, std::uint32_t funct3,
                            std::string_view effect) {
  return {op, name, Format::kS, code(kStoreCode, funct3), kByFunct3, Unit::kLoadStore, effect};
}
constexpr Instruction immediate(Op op, std::string_view name, std::uint32_t funct3,
                                std::string_view effect) {
  return {op, name, Format::kI, code(kOpImmCode, funct3), kByFunct3, Unit::kAlu, effect};
}
constexpr Instruction shift(Op op, std::string_view name, std::uint32_t funct3,
                            std::uint32_t funct7, std::string_view effect) {
  return {op,        name,       Format::kShift, code(kOpImmCode, funct3, funct7),
          kByFunct7, Unit::kAlu, effect};
}
constexpr Instruction reg(Op op, std::string_view name, std::uint32_t funct3, std::uint32_t funct7,
                          Unit unit, std::string_view effect) {
  return {op, name, Format::kR, code(kOpCode, funct3, funct7), kByFunct7, unit, effect};
}

// By lane; funct7 is VOP_* of tcc_vec_pkg.
constexpr Instruction lanes(Op op, std::string_view name, std::uint32_t number,
                            std::string_view effect) {
  return {op,
          name,
          Format::kVvv,
          code(kCustom1, 0, number),
          kByFunct7 | kVdIsLow | kVs1IsLow | kVs2IsLow,
          Unit::kVector,
          effect};
}
constexpr Instruction lanes1(Op op, std::string_view name, std::uint32_t funct3,
                             std::uint32_t number, std::string_view effect) {
  return {op,
          name,
          Format::kVv,
          code(kCustom1, funct3, number),
          kByFunct7 | kRs2Is0 | kVdIsLow | kVs1IsLow,
          Unit::kVector,
          effect};
}

constexpr std::array kTable{
    Instruction{Op::kLui, "lui", Format::kU, code(kLuiCode), kByOpcode, Unit::kAlu, "rd = imm"},
    Instruction{Op::kAuipc, "auipc", Format::kU, code(kAuipcCode), kByOpcode, Unit::kAlu,
                "rd = pc + imm"},
    Instruction{Op::kJal, "jal", Format::kJ, code(kJalCode), kByOpcode, Unit::kBranch,
                "rd = pc + 4; pc += imm"},
    Instruction{Op::kJalr, "jalr", Format::kLoad, code(kJalrCode), kByFunct3, Unit::kBranch,
                "rd = pc + 4; pc = (rs1 + imm) & ~1"},
    branch(Op::kBeq, "beq", 0, "if rs1 == rs2: pc += imm"),
    branch(Op::kBne, "bne", 1, "if rs1 != rs2: pc += imm"),
    branch(Op::kBlt, "blt", 4, "if rs1 < rs2, signed: pc += imm"),
    branch(Op::kBge, "bge", 5, "if rs1 >= rs2, signed: pc += imm"),
    branch(Op::kBltu, "bltu", 6, "if rs1 < rs2, unsigned: pc += imm"),
    branch(Op::kBgeu, "bgeu", 7, "if rs1 >= rs2, unsigned: pc += imm"),
    load(Op::kLb, "lb", 0, "rd = sign-extended byte at rs1 + imm"),
    load(Op::kLh, "lh", 1, "rd = sign-extended half word at rs1 + imm"),
    load(Op::kLw, "lw", 2, "rd = word at rs1 + imm"),
    load(Op::kLbu, "lbu", 4, "rd = byte at rs1 + imm"),
    load(Op::kLhu, "lhu", 5, "rd = half word at rs1 + imm"),
    store(Op::kSb, "sb", 0, "byte at rs1 + imm = rs2"),
    store(Op::kSh, "sh", 1, "half word at rs1 + imm = rs2"),
    store(Op::kSw, "sw", 2, "word at rs1 + imm = rs2"),
    immediate(Op::kAddi, "addi", 0, "rd = rs1 + imm"),
    immediate(Op::kSlti, "slti", 2, "rd = rs1 < imm, signed"),
    immediate(Op::kSltiu, "sltiu", 3, "rd = rs1 < imm, unsigned"),
    immediate(Op::kXori, "xori", 4, "rd = rs1 ^ imm"),
    immediate(Op::kOri, "ori", 6, "rd = rs1 | imm"),
    immediate(Op::kAndi, "andi", 7, "rd = rs1 & imm"),
    shift(Op::kSlli, "slli", 1, 0, "rd = rs1 << imm"),
    shift(Op::kSrli, "srli", 5, 0, "rd = rs1 >> imm, logical"),
    shift(Op::kSrai, "srai", 5, 0x20, "rd = rs1 >> imm, arithmetic"),
    reg(Op::kAdd, "add", 0, 0, Unit::kAlu, "rd = rs1 + rs2"),
    reg(Op::kSub, "sub", 0, 0x20, Unit::kAlu, "rd = rs1 - rs2"),
    reg(Op::kSll, "sll", 1, 0, Unit::kAlu, "rd = rs1 << rs2[4:0]"),
    reg(Op::kSlt, "slt", 2, 0, Unit::kAlu, "rd = rs1 < rs2, signed"),
    reg(Op::kSltu, "sltu", 3, 0, Unit::kAlu, "rd = rs1 < rs2, unsigned"),
    reg(Op::kXor, "xor", 4, 0, Unit::kAlu, "rd = rs1 ^ rs2"),
    reg(Op::kSrl, "srl", 5, 0, Unit::kAlu, "rd = rs1 >> rs2[4:0], logical"),
    reg(Op::kSra, "sra", 5, 0x20, Unit::kAlu, "rd = rs1 >> rs2[4:0], arithmetic"),
    reg(Op::kOr, "or", 6, 0, Unit::kAlu, "rd = rs1 | rs2"),
    reg(Op::kAnd, "and", 7, 0, Unit::kAlu, "rd = rs1 & rs2"),
    reg(Op::kMul, "mul", 0, 1, Unit::kMulDiv, "rd = rs1 * rs2, low word"),
    reg(Op::kMulh, "mulh", 1, 1, Unit::kMulDiv, "rd = rs1 * rs2, high word, signed"),
    reg(Op::kMulhsu, "mulhsu", 2, 1, Unit::kMulDiv, "rd = rs1 * rs2, high word, rs1 signed"),
    reg(Op::kMulhu, "mulhu", 3, 1, Unit::kMulDiv, "rd = rs1 * rs2, high word, unsigned"),
    reg(Op::kDiv, "div", 4, 1, Unit::kMulDiv, "rd = rs1 / rs2, signed; by zero: -1"),
    reg(Op::kDivu, "divu", 5, 1, Unit::kMulDiv, "rd = rs1 / rs2, unsigned; by zero: 2^32 - 1"),
    reg(Op::kRem, "rem", 6, 1, Unit::kMulDiv, "rd = rs1 % rs2, signed; by zero: rs1"),
    reg(Op::kRemu, "remu", 7, 1, Unit::kMulDiv, "rd = rs1 % rs2, unsigned; by zero: rs1"),
    Instruction{Op::kWptr, "t.wptr", Format::kPair, code(kCustom0, 0), kByFunct3 | kFlagsAre0,
                Unit::kTensor,
                "the matrix begins at row rs1 and goes on in steps of rs2 rows, signed"},
    Instruction{Op::kGemv, "t.gemv", Format::kFlags2, code(kCustom0, 1), kByFunct3, Unit::kTensor,
                "bank (+)= x W: rs2 elements of x at address rs1, as many rows of the matrix",
                0x0ff},
    Instruction{Op::kAdda, "t.add", Format::kFlags1, code(kCustom0, 2), kByFunct3 | kRs2Is0,
                Unit::kTensor, "bank (+)= the two rows of fp32 at address rs1", 0x007},
    Instruction{Op::kRead, "t.rd", Format::kFlags1, code(kCustom0, 3), kByFunct3 | kRs2Is0,
                Unit::kTensor, "bank, rounded, to the row or rows at address rs1", 0x703},
    lanes(Op::kVadd, "v.add", 0, "vd = vs1 + vs2"),
    lanes(Op::kVsub, "v.sub", 1, "vd = vs1 - vs2"),
    lanes(Op::kVmul, "v.mul", 2, "vd = vs1 * vs2"),
    lanes(Op::kVfma, "v.fma", 3, "vd = vs1 * vs2 + vd, rounded once"),
    lanes(Op::kVmax, "v.max", 4, "vd = the larger; a number before a NaN"),
    lanes(Op::kVmin, "v.min", 5, "vd = the smaller; a number before a NaN"),
    lanes(Op::kVlt, "v.lt", 6, "vd = vs1 < vs2 ? 0xffff : 0"),
    lanes(Op::kVsel, "v.sel", 7, "vd = bit 15 of vd ? vs1 : vs2"),
    lanes1(Op::kVmv, "v.mv", 0, 8, "vd = vs1"),
    lanes1(Op::kVtoBf16, "v.to_bf16", 0, 9, "vd = vs1 as bfloat16"),
    lanes1(Op::kVfromBf16, "v.from_bf16", 0, 10, "vd = vs1, bfloat16, as fp16"),
    lanes1(Op::kVtoInt8, "v.to_int8", 0, 11, "vd = vs1 as int8, saturated, sign-extended"),
    lanes1(Op::kVfromInt8, "v.from_int8", 0, 12, "vd = the low byte of vs1, int8, as fp16"),
    lanes(Op::kVpack, "v.pack", 13, "vd = low byte of vs2, low byte of vs1"),
    lanes1(Op::kVexp2, "v.exp2", 1, 0, "vd = 2^vs1"),
    lanes1(Op::kVrcp, "v.rcp", 1, 1, "vd = 1 / vs1"),
    lanes1(Op::kVrsqrt, "v.rsqrt", 1, 2, "vd = 1 / sqrt(vs1)"),
    Instruction{Op::kVld, "v.ld", Format::kVload, code(kCustom1, 2), kByFunct3 | kVdIsLow,
                Unit::kVector, "vd = the row of DMEM at address rs1 + imm"},
    Instruction{Op::kVst, "v.st", Format::kVstore, code(kCustom1, 3), kByFunct3 | kVs2IsLow,
                Unit::kVector, "the row of DMEM at address rs1 + imm = vs2"},
    Instruction{Op::kVldw, "v.ldw", Format::kVload, code(kCustom1, 4), kByFunct3 | kVdIsLow,
                Unit::kVector, "vd = row rs1 + imm of WMEM"},
    Instruction{Op::kVsplat, "v.splat", Format::kVx, code(kCustom1, 5),
                kByFunct7 | kRs2Is0 | kVdIsLow, Unit::kVector,
                "vd = the low half of rs1, in every lane"},
    Instruction{Op::kVswap, "v.swap", Format::kVvi, code(kCustom1, 6),
                kByFunct7 | kVdIsLow | kVs1IsLow | 3U << 23, Unit::kVector,
                "lane i of vd = lane i ^ 2^n of vs1; lane i, where there is no such lane"},
    Instruction{Op::kSend, "n.send", Format::kFlags2, code(kCustom2, 0), kByFunct3, Unit::kNetwork,
                "sends words at address rs1 to the tile that rs2 names", kChannelFlags},
    Instruction{Op::kRecv, "n.recv", Format::kFlags2, code(kCustom2, 1), kByFunct3, Unit::kNetwork,
                "receives words to address rs1 from the tile that rs2 names", kChannelFlags},
    Instruction{Op::kRadd, "n.radd", Format::kFlags2, code(kCustom2, 2), kByFunct3, Unit::kNetwork,
                "receives words and adds them, as fp32, to those at address rs1", kChannelFlags},
    Instruction{Op::kId, "n.id", Format::kRd, code(kCustom2, 3), kOnlyRd, Unit::kNetwork,
                "rd = this tile's column + 2^16 times its row"},
    Instruction{Op::kHalt, "s.halt", Format::kCode, code(kCustom3, 0), kOnlyCode, Unit::kSystem,
                "ends the program with code imm when all units are idle"},
    Instruction{Op::kCycle, "s.cycle", Format::kRd, code(kCustom3, 1), kOnlyRd, Unit::kSystem,
                "rd = cycles since the start, low word"},
    Instruction{Op::kWait, "s.wait", Format::kCode, code(kCustom3, 2), kOnlyCode, Unit::kSystem,
                "waits until the units that imm names are idle", 0x03f},
    Instruction{Op::kLoop, "s.loop", Format::kLoop, code(kCustom3, 3), kByFunct3 | kRs2Is0,
                Unit::kSystem,
                "rs1 turns of what follows, up to the target; of no turns: pc += imm"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].op) != i) return false;
  }
  return true;
}
static_assert(in_order(), "a row of the table stands elsewhere than in Op");

constexpr std::array kOpcodeTable{
    Opcode{"LUI", kLuiCode},      Opcode{"AUIPC", kAuipcCode},   Opcode{"JAL", kJalCode},
    Opcode{"JALR", kJalrCode},    Opcode{"BRANCH", kBranchCode}, Opcode{"LOAD", kLoadCode},
    Opcode{"STORE", kStoreCode},  Opcode{"OP_IMM", kOpImmCode},  Opcode{"OP", kOpCode},
    Opcode{"CUSTOM_0", kCustom0}, Opcode{"CUSTOM_1", kCustom1},  Opcode{"CUSTOM_2", kCustom2},
    Opcode{"CUSTOM_3", kCustom3},
};

constexpr std::array kFlagTable{
    Flag{"bank1", 1, "accumulator bank 1, where none is named bank 0"},
    Flag{"bank2", 2, "bank 2"},
    Flag{"bank3", 3, "bank 3"},
    Flag{"clr", 1 << 2, "t.gemv, t.add: the bank begins at zero"},
    Flag{"batch2", 1 << 3,
         "t.gemv: two vectors x, one after the other, into banks from the named on"},
    Flag{"batch3", 2 << 3, "three"},
    Flag{"batch4", 3 << 3, "four"},
    Flag{"bf16", 1 << 5, "t.gemv: elements are bfloat16, where none is named fp16"},
    Flag{"int8", 2 << 5, "t.gemv: elements are pairs of int8"},
    Flag{"dmem", 1 << 7, "t.gemv: the matrix is in DMEM"},
    Flag{"to_fp32", 1 << 8, "t.rd: two rows of fp32, where none is named one row of fp16"},
    Flag{"to_int32", 2 << 8, "t.rd: two rows of int32"},
    Flag{"to_bf16", 3 << 8, "t.rd: one row of bfloat16"},
    Flag{"relu", 1 << 10, "t.rd: zero for negative results"},
    Flag{"tensor", 1, "s.wait: the tensor engine"},
    Flag{"sends", 2, "s.wait: messages that go out"},
    Flag{"receives", 4, "s.wait: messages that come in"},
    Flag{"vectors", 8, "s.wait: the vector unit"},
    Flag{"left1", 1 << 4, "s.wait: of the messages that come in, one may be left"},
    Flag{"left2", 2 << 4, "two"},
    Flag{"left3", 3 << 4, "three"},
};

constexpr std::int32_t sign_extended(std::uint32_t value, int bits) {
  const int shift = 32 - bits;
  return static_cast<std::int32_t>(value << shift) >> shift;
}

constexpr std::uint32_t bits(std::uint32_t word, int high, int low) {
  return word >> low & ((1U << (high - low + 1)) - 1);
}

std::int32_t immediate_of(Format format, std::uint32_t w) {
  switch (format) {
    case Format::kI:
    case Format::kLoad:
    case Format::kCode:
    case Format::kVload:
      return sign_extended(w >> 20, 12);
    case Format::kShift:
      return static_cast<std::int32_t>(bits(w, 24, 20));
    case Format::kVvi:
      return static_cast<std::int32_t>(bits(w, 22, 20));
    case Format::kS:
    case Format::kVstore:
      return sign_extended(bits(w, 31, 25) << 5 | bits(w, 11, 7), 12);
    case Format::kB:
    case Format::kLoop:
      return sign_extended(
          bits(w, 31, 31) << 12 | bits(w, 7, 7) << 11 | bits(w, 30, 25) << 5 | bits(w, 11, 8) << 1,
          13);
    case Format::kU:
      return static_cast<std::int32_t>(w & 0xfffff000);
    case Format::kJ:
      return sign_extended(bits(w, 31, 31) << 20 | bits(w, 19, 12) << 12 | bits(w, 20, 20) << 11 |
                               bits(w, 30, 21) << 1,
                           21);
    case Format::kFlags1:
    case Format::kFlags2:
      return static_cast<std::int32_t>(bits(w, 31, 25) << 5 | bits(w, 11, 7));
    case Format::kR:
    case Format::kRd:
    case Format::kPair:
    case Format::kVvv:
    case Format::kVv:
    case Format::kVx:
      return 0;
  }
  return 0;
}

std::uint32_t immediate_bits(Format format, std::int32_t imm) {
  const auto u = static_cast<std::uint32_t>(imm);
  switch (format) {
    case Format::kI:
    case Format::kLoad:
    case Format::kCode:
    case Format::kShift:
    case Format::kVload:
    case Format::kVvi:
      return u << 20;
    case Format::kS:
    case Format::kVstore:
    case Format::kFlags1:
    case Format::kFlags2:
      return bits(u, 11, 5) << 25 | bits(u, 4, 0) << 7;
    case Format::kB:
    case Format::kLoop:
      return bits(u, 12, 12) << 31 | bits(u, 10, 5) << 25 | bits(u, 4, 1) << 8 |
             bits(u, 11, 11) << 7;
    case Format::kU:
      return u;
    case Format::kJ:
      return bits(u, 20, 20) << 31 | bits(u, 10, 1) << 21 | bits(u, 11, 11) << 20 |
             bits(u, 19, 12) << 12;
    case Format::kR:
    case Format::kRd:
    case Format::kPair:
    case Format::kVvv:
    case Format::kVv:
    case Format::kVx:
      return 0;
  }
  return 0;
}

bool has_vectors(Format f) {
  return has(f, Operand::kVd) || has(f, Operand::kVs2);
}
bool has_rd(Format f) {
  return has(f, Operand::kRd) || has(f, Operand::kVd);
}
bool has_rs1(Format f) {
  return has(f, Operand::kRs1) || has(f, Operand::kVs1) || has(f, Operand::kAddress);
}
bool has_rs2(Format f) {
  return has(f, Operand::kRs2) || has(f, Operand::kVs2);
}

// Numbers and names of the calling convention.
constexpr std::array<std::string_view, kRegisters> kNames{
    "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10",
    "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",
    "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31"};
constexpr std::array<std::string_view, kRegisters> kAbiNames{
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

}  // namespace

std::span<const Operand> operands(Format format) {
  using enum Operand;
  static constexpr std::array kR{kRd, kRs1, kRs2}, kI{kRd, kRs1, kNumber}, kB{kRs1, kRs2, kTarget},
      kFlags2{kRs1, kRs2, kNumber}, kVvv{kVd, kVs1, kVs2}, kVvi{kVd, kVs1, kNumber};
  static constexpr std::array kLoad{kRd, kAddress}, kS{kRs2, kAddress}, kU{kRd, kUpper},
      kJ{kRd, kTarget}, kPair{kRs1, kRs2}, kLoop{kRs1, kTarget}, kFlags1{kRs1, kNumber},
      kVv{kVd, kVs1}, kVx{kVd, kRs1}, kVload{kVd, kAddress}, kVstore{kVs2, kAddress};
  static constexpr std::array kCode{kNumber}, kOnly{kRd};
  switch (format) {
    case Format::kR:
      return kR;
    case Format::kI:
    case Format::kShift:
      return kI;
    case Format::kLoad:
      return kLoad;
    case Format::kS:
      return kS;
    case Format::kB:
      return kB;
    case Format::kU:
      return kU;
    case Format::kJ:
      return kJ;
    case Format::kCode:
      return kCode;
    case Format::kRd:
      return kOnly;
    case Format::kPair:
      return kPair;
    case Format::kLoop:
      return kLoop;
    case Format::kFlags1:
      return kFlags1;
    case Format::kFlags2:
      return kFlags2;
    case Format::kVvv:
      return kVvv;
    case Format::kVv:
      return kVv;
    case Format::kVvi:
      return kVvi;
    case Format::kVx:
      return kVx;
    case Format::kVload:
      return kVload;
    case Format::kVstore:
      return kVstore;
  }
  return {};
}

bool has(Format format, Operand operand) {
  return std::ranges::find(operands(format), operand) != operands(format).end();
}

std::span<const Instruction> instructions() {
  return kTable;
}

const Instruction& instruction(Op op) {
  return kTable[static_cast<std::size_t>(op)];
}

const Instruction* find(std::string_view mnemonic) {
  const auto at = std::ranges::find(kTable, mnemonic, &Instruction::mnemonic);
  return at == kTable.end() ? nullptr : &*at;
}

const Instruction* decode(std::uint32_t word) {
  const auto at = std::ranges::find_if(
      kTable, [&](const Instruction& i) { return (word & i.mask) == i.match; });
  return at == kTable.end() ? nullptr : &*at;
}

Operands operands_of(Format format, std::uint32_t word) {
  Operands o;
  if (has_rd(format)) o.rd = static_cast<std::uint8_t>(bits(word, 11, 7));
  if (has_rs1(format)) o.rs1 = static_cast<std::uint8_t>(bits(word, 19, 15));
  if (has_rs2(format)) o.rs2 = static_cast<std::uint8_t>(bits(word, 24, 20));
  o.imm = immediate_of(format, word);
  return o;
}

ImmediateRange immediate_range(Format format) {
  switch (format) {
    case Format::kI:
    case Format::kLoad:
    case Format::kCode:
    case Format::kS:
    case Format::kVload:
    case Format::kVstore:
      return {-2048, 2047, 1};
    case Format::kShift:
      return {0, 31, 1};
    case Format::kB:
    case Format::kLoop:
      return {-4096, 4094, 2};
    case Format::kU:
      return {-(std::int64_t{1} << 31), (std::int64_t{1} << 31) - 4096, 4096};
    case Format::kJ:
      return {-(1 << 20), (1 << 20) - 2, 2};
    case Format::kFlags1:
    case Format::kFlags2:
      return {0, 4095, 1};
    case Format::kVvi:
      return {0, 7, 1};
    case Format::kR:
    case Format::kRd:
    case Format::kPair:
    case Format::kVvv:
    case Format::kVv:
    case Format::kVx:
      break;
  }
  return {0, 0, 1};
}

std::optional<std::uint32_t> encode(const Instruction& instruction, const Operands& o) {
  const Format f = instruction.format;
  const int vectors = has_vectors(f) ? kVectorRegisters : kRegisters;
  const bool known =
      o.rd < vectors && o.rs2 < vectors && o.rs1 < (has(f, Operand::kVs1) ? vectors : kRegisters);
  if (!known || !immediate_range(f).holds(o.imm)) return std::nullopt;
  std::uint32_t word = instruction.match | immediate_bits(f, o.imm);
  if (has_rd(f)) word |= std::uint32_t{o.rd} << 7;
  if (has_rs1(f)) word |= std::uint32_t{o.rs1} << 15;
  if (has_rs2(f)) word |= std::uint32_t{o.rs2} << 20;
  return word;
}

std::span<const Flag> flags() {
  return kFlagTable;
}

std::span<const Opcode> opcodes() {
  return kOpcodeTable;
}

std::string_view register_name(int number) {
  return kNames.at(static_cast<std::size_t>(number));
}

std::string vector_register_name(int number) {
  return "v" + std::to_string(number);
}

std::optional<int> vector_register_number(std::string_view name) {
  for (int number = 0; number < kVectorRegisters; ++number) {
    if (name == vector_register_name(number)) return number;
  }
  return std::nullopt;
}

std::optional<int> register_number(std::string_view name) {
  if (name == "fp") return 8;
  for (const auto& names : {kNames, kAbiNames}) {
    const auto at = std::ranges::find(names, name);
    if (at != names.end()) return static_cast<int>(at - names.begin());
  }
  return std::nullopt;
}

}  // namespace tilewright::isa
