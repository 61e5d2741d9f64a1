// The instruction set of a tile: one table, from which decoder, assembler, disassembler and
// simulator come. RV32IM without FENCE, ECALL, EBREAK and CSRs (The RISC-V Instruction Set Manual,
// volume I, 20191213), and instructions of our own in the custom opcodes: commands to the tensor
// engine (t.*) and the network interface (n.*), and those of the tile as a whole (s.*).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tilewright::isa {

// Where operands lie in a word, and how they are written.
enum class Format : std::uint8_t {
  kR,       // rd, rs1, rs2
  kI,       // rd, rs1, imm
  kLoad,    // rd, imm(rs1); also JALR
  kShift,   // rd, rs1, shamt
  kS,       // rs2, imm(rs1)
  kB,       // rs1, rs2, target
  kU,       // rd, imm: the upper 20 bits
  kJ,       // rd, target
  kCode,    // imm: 12 bits, of the I format
  kRd,      // rd
  kPair,    // rs1, rs2
  kLoop,    // rs1, target, where the B format has it
  kFlags1,  // rs1, flags: 12 bits where the S format has its immediate, not sign-extended
  kFlags2,  // rs1, rs2, flags
  kVvv,     // vd, vs1, vs2
  kVv,      // vd, vs1
  kVvi,     // vd, vs1, n: where rs2 lies
  kVx,      // vd, rs1
  kVload,   // vd, imm(rs1)
  kVstore,  // vs2, imm(rs1)
};

// One of them. Vector registers lie where scalar ones do.
enum class Operand : std::uint8_t {
  kRd,
  kRs1,
  kRs2,
  kVd,
  kVs1,
  kVs2,
  kNumber,   // the immediate
  kUpper,    // its upper 20 bits
  kTarget,   // an address; the immediate is the distance to it
  kAddress,  // imm(rs1)
};
// Those of a format, in the order in which they are written.
std::span<const Operand> operands(Format format);
bool has(Format format, Operand operand);

// Which part of the tile executes it.
enum class Unit : std::uint8_t {
  kAlu,
  kMulDiv,
  kBranch,
  kLoadStore,
  kSystem,
  kTensor,
  kNetwork,
  kVector
};

enum class Op : std::uint8_t {
  kLui,
  kAuipc,
  kJal,
  kJalr,
  kBeq,
  kBne,
  kBlt,
  kBge,
  kBltu,
  kBgeu,
  kLb,
  kLh,
  kLw,
  kLbu,
  kLhu,
  kSb,
  kSh,
  kSw,
  kAddi,
  kSlti,
  kSltiu,
  kXori,
  kOri,
  kAndi,
  kSlli,
  kSrli,
  kSrai,
  kAdd,
  kSub,
  kSll,
  kSlt,
  kSltu,
  kXor,
  kSrl,
  kSra,
  kOr,
  kAnd,
  kMul,
  kMulh,
  kMulhsu,
  kMulhu,
  kDiv,
  kDivu,
  kRem,
  kRemu,
  kWptr,
  kGemv,
  kAdda,
  kRead,
  kVadd,
  kVsub,
  kVmul,
  kVfma,
  kVmax,
  kVmin,
  kVlt,
  kVsel,
  kVmv,
  kVtoBf16,
  kVfromBf16,
  kVtoInt8,
  kVfromInt8,
  kVpack,
  kVexp2,
  kVrcp,
  kVrsqrt,
  kVld,
  kVst,
  kVldw,
  kVsplat,
  kVswap,
  kSend,
  kRecv,
  kRadd,
  kId,
  kHalt,
  kCycle,
  kWait,
  kLoop,
};

struct Instruction {
  Op op;
  std::string_view mnemonic;
  Format format;
  std::uint32_t match, mask;  // a word is this instruction where word & mask == match
  Unit unit;
  std::string_view effect;  // one line, for the document
  std::uint32_t flags = 0;  // those that mean something; the others must be 0
};

// By Op, in the order of the enumeration.
std::span<const Instruction> instructions();
const Instruction& instruction(Op op);
// nullptr: no instruction has that name, or that word.
const Instruction* find(std::string_view mnemonic);
const Instruction* decode(std::uint32_t word);

// Operands of a word; vector registers stand in rd, rs1 and rs2 too. `imm` is what the instruction
// adds or compares: sign-extended, a branch's or jump's distance in bytes, the upper 20 bits of LUI
// and AUIPC in place (low 12 bits zero), a shift's amount. What a format has not is 0.
struct Operands {
  std::uint8_t rd = 0, rs1 = 0, rs2 = 0;
  std::int32_t imm = 0;
  bool operator==(const Operands&) const = default;
};
Operands operands_of(Format format, std::uint32_t word);

// Inclusive, and of what it must be a multiple.
struct ImmediateRange {
  std::int64_t lo, hi, step;
  bool holds(std::int64_t value) const { return value >= lo && value <= hi && value % step == 0; }
};
ImmediateRange immediate_range(Format format);

// Registers below 32 (vector registers below 16), and the immediate in range: anything else is
// nullopt.
std::optional<std::uint32_t> encode(const Instruction& instruction, const Operands& operands);

// Bits of the flags of tensor commands, and of s.wait's code. An assembler adds them up.
struct Flag {
  std::string_view name;
  std::uint32_t value;
  std::string_view effect;
};
std::span<const Flag> flags();

// The seven low bits of a word, by name ("LOAD", "CUSTOM_0").
struct Opcode {
  std::string_view name;
  std::uint32_t value;
};
std::span<const Opcode> opcodes();

constexpr int kRegisters = 32, kVectorRegisters = 16;
std::string_view register_name(int number);                 // "x5"
std::optional<int> register_number(std::string_view name);  // "x5" and the ABI's "t0"
std::string vector_register_name(int number);               // "v5"
std::optional<int> vector_register_number(std::string_view name);

}  // namespace tilewright::isa
