#include "verify/iss/core.h"

#include <bit>
#include <cstring>
#include <limits>

#include "support/error.h"

namespace tilewright::iss {
namespace {

static_assert(std::endian::native == std::endian::little, "DMEM is read as the machine reads");

using isa::Op;

std::int32_t s(std::uint32_t value) {
  return static_cast<std::int32_t>(value);
}

std::uint32_t high_word(std::int64_t product) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32);
}

// Division as the manual has it: by zero and of the least number by -1 are no errors.
bool overflows(std::uint32_t a, std::uint32_t b) {
  return s(a) == std::numeric_limits<std::int32_t>::min() && s(b) == -1;
}
std::uint32_t divided(std::uint32_t a, std::uint32_t b) {
  if (b == 0) return ~0U;
  return overflows(a, b) ? a : static_cast<std::uint32_t>(s(a) / s(b));
}
std::uint32_t remainder_of(std::uint32_t a, std::uint32_t b) {
  if (b == 0) return a;
  return overflows(a, b) ? 0 : static_cast<std::uint32_t>(s(a) % s(b));
}

// Of two registers, or of a register and an immediate.
std::uint32_t computed(Op op, std::uint32_t a, std::uint32_t b) {
  switch (op) {
    case Op::kAdd:
    case Op::kAddi:
      return a + b;
    case Op::kSub:
      return a - b;
    case Op::kSll:
    case Op::kSlli:
      return a << (b & 31);
    case Op::kSlt:
    case Op::kSlti:
      return s(a) < s(b) ? 1 : 0;
    case Op::kSltu:
    case Op::kSltiu:
      return a < b ? 1 : 0;
    case Op::kXor:
    case Op::kXori:
      return a ^ b;
    case Op::kSrl:
    case Op::kSrli:
      return a >> (b & 31);
    case Op::kSra:
    case Op::kSrai:
      return static_cast<std::uint32_t>(s(a) >> (b & 31));
    case Op::kOr:
    case Op::kOri:
      return a | b;
    case Op::kAnd:
    case Op::kAndi:
      return a & b;
    case Op::kMul:
      return a * b;
    case Op::kMulh:
      return high_word(std::int64_t{s(a)} * s(b));
    case Op::kMulhsu:
      return high_word(std::int64_t{s(a)} * std::int64_t{b});
    case Op::kMulhu:
      return static_cast<std::uint32_t>(std::uint64_t{a} * b >> 32);
    case Op::kDiv:
      return divided(a, b);
    case Op::kDivu:
      return b == 0 ? ~0U : a / b;
    case Op::kRem:
      return remainder_of(a, b);
    case Op::kRemu:
      return b == 0 ? a : a % b;
    default:
      return 0;
  }
}

bool branches(Op op, std::uint32_t a, std::uint32_t b) {
  switch (op) {
    case Op::kBeq:
      return a == b;
    case Op::kBne:
      return a != b;
    case Op::kBlt:
      return s(a) < s(b);
    case Op::kBge:
      return s(a) >= s(b);
    case Op::kBltu:
      return a < b;
    case Op::kBgeu:
      return a >= b;
    default:
      return false;
  }
}

// Does not end a turn of a loop.
bool goes_its_own_way(Op op) {
  return (op >= Op::kJal && op <= Op::kBgeu) || op == Op::kLoop;
}

bool reads_scalar(isa::Format f) {
  return isa::has(f, isa::Operand::kRs1) || isa::has(f, isa::Operand::kAddress);
}

std::uint32_t bytes_of(Op op) {
  switch (op) {
    case Op::kLb:
    case Op::kLbu:
    case Op::kSb:
      return 1;
    case Op::kLh:
    case Op::kLhu:
    case Op::kSh:
      return 2;
    default:
      return 4;
  }
}

std::uint32_t extended(Op op, std::uint32_t value) {
  if (op == Op::kLb)
    return static_cast<std::uint32_t>(std::int32_t{static_cast<std::int8_t>(value)});
  if (op == Op::kLh)
    return static_cast<std::uint32_t>(std::int32_t{static_cast<std::int16_t>(value)});
  return value;
}

}  // namespace

Core::Core(const MemorySizes& sizes) : sizes_(sizes), dmem_(sizes.dmem_bytes) {}

void Core::load(std::span<const std::uint32_t> program) {
  if (program.size() * 4 > sizes_.imem_bytes) {
    throw Error("TW-ISS-001",
                "the program has " + std::to_string(program.size() * 4) + " bytes, IMEM has " +
                    std::to_string(sizes_.imem_bytes),
                "program", "give the tile a larger IMEM");
  }
  words_.assign(program.begin(), program.end());
  program_.clear();
  for (const std::uint32_t word : words_) {
    const isa::Instruction* i = isa::decode(word);
    if (i == nullptr) {
      program_.push_back({});
      continue;
    }
    const isa::Operands o = isa::operands_of(i->format, word);
    program_.push_back({i->op, true, o.rd, o.rs1, o.rs2, o.imm});
  }
  x_ = {};
  pc_ = 0;
  retired_ = 0;
  state_ = CoreState::kRunning;
  fault_ = Fault::kNone;
  halt_code_ = 0;
  blocked_ = false;
  loop_ = {};
}

void Core::set_x(int number, std::uint32_t value) {
  if (number != 0) x_[static_cast<std::size_t>(number)] = value;
}

void Core::stop(Fault fault) {
  fault_ = fault;
  state_ = CoreState::kFaulted;
}

// Stops the core when not.
bool Core::reachable(std::uint32_t address, std::uint32_t bytes) {
  if (address % bytes != 0) {
    stop(Fault::kAlignment);
    return false;
  }
  // Sizes are multiples of 4: an aligned access whose first byte is inside is inside.
  if (address < kDmemBase || address - kDmemBase >= sizes_.dmem_bytes) {
    stop(Fault::kOutOfRange);
    return false;
  }
  return true;
}

std::uint32_t Core::read(std::uint32_t address, std::uint32_t bytes) const {
  std::uint32_t value = 0;
  std::memcpy(&value, &dmem_[address - kDmemBase], bytes);
  return value;
}

void Core::write(std::uint32_t address, std::uint32_t bytes, std::uint32_t value) {
  std::memcpy(&dmem_[address - kDmemBase], &value, bytes);
}

// A load or store; what was loaded. Stops the core at a bad address.
template <bool kWatched>
[[gnu::always_inline]] inline std::uint32_t Core::access(const Decoded& d, bool store,
                                                         Retired* seen) {
  const std::uint32_t address = x_[d.rs1] + static_cast<std::uint32_t>(d.imm);
  const std::uint32_t bytes = bytes_of(d.op);
  if (!reachable(address, bytes)) return 0;
  if (store) write(address, bytes, x_[d.rs2]);
  if (store && !kWatched) return 0;
  const std::uint32_t data = read(address, bytes);
  if constexpr (kWatched) {
    seen->address = address;
    (store ? seen->written_bytes : seen->read_bytes) = static_cast<std::uint8_t>(bytes);
    seen->data = data;
  }
  return extended(d.op, data);
}

// Whether it is done: not when it is blocked or refused.
template <bool kWatched>
bool Core::command(const Decoded& d, Retired* seen) {
  Command given{d.op, x_[d.rs1], x_[d.rs2], static_cast<std::uint32_t>(d.imm), 0};
  if (const isa::Instruction& i = isa::instruction(d.op); i.unit == isa::Unit::kVector)
    given = {d.op, reads_scalar(i.format) ? x_[d.rs1] : 0, 0, 0, words_[pc_ / 4]};
  const Outcome outcome = units_ ? units_(given) : Outcome::kDone;
  blocked_ = outcome == Outcome::kBlocked;
  if (outcome == Outcome::kRefused) stop(Fault::kCommand);
  if constexpr (kWatched) {
    seen->is_command = true;
    seen->command = given;
  }
  return outcome == Outcome::kDone;
}

// One switch for everything: a first one by unit is slower (tests/bench/bench_iss.cpp).
template <bool kWatched>
void Core::execute(Retired* seen) {
  const std::uint32_t index = pc_ / 4;
  if (index >= program_.size()) return stop(Fault::kFetch);
  const Decoded d = program_[index];
  if (!d.legal) return stop(Fault::kIllegal);
  const std::uint32_t a = x_[d.rs1], b = x_[d.rs2];
  const auto imm = static_cast<std::uint32_t>(d.imm);
  std::uint32_t next = pc_ + 4, result = 0;
  bool writes = true;
  switch (d.op) {
    case Op::kLui:
      result = imm;
      break;
    case Op::kAuipc:
      result = pc_ + imm;
      break;
    case Op::kJal:
    case Op::kJalr:
      result = next;
      next = d.op == Op::kJal ? pc_ + imm : (a + imm) & ~1U;
      break;
    case Op::kBeq:
    case Op::kBne:
    case Op::kBlt:
    case Op::kBge:
    case Op::kBltu:
    case Op::kBgeu:
      writes = false;
      if (branches(d.op, a, b)) next = pc_ + imm;
      break;
    case Op::kLoop:
      writes = false;
      if (a == 0) next = pc_ + imm;
      if (a != 0) loop_ = {pc_ + 4, pc_ + imm, a};
      break;
    case Op::kLb:
    case Op::kLh:
    case Op::kLw:
    case Op::kLbu:
    case Op::kLhu:
      result = access<kWatched>(d, false, seen);
      break;
    case Op::kSb:
    case Op::kSh:
    case Op::kSw:
      writes = false;
      access<kWatched>(d, true, seen);
      break;
    case Op::kAddi:
    case Op::kSlti:
    case Op::kSltiu:
    case Op::kXori:
    case Op::kOri:
    case Op::kAndi:
    case Op::kSlli:
    case Op::kSrli:
    case Op::kSrai:
      result = computed(d.op, a, imm);
      break;
    case Op::kHalt:
      writes = false;
      halt_code_ = d.imm;
      state_ = CoreState::kHalted;
      break;
    case Op::kWptr:
    case Op::kGemv:
    case Op::kAdda:
    case Op::kRead:
    case Op::kSend:
    case Op::kRecv:
    case Op::kRadd:
    case Op::kWait:
    case Op::kVadd:
    case Op::kVsub:
    case Op::kVmul:
    case Op::kVfma:
    case Op::kVmax:
    case Op::kVmin:
    case Op::kVlt:
    case Op::kVsel:
    case Op::kVmv:
    case Op::kVtoBf16:
    case Op::kVfromBf16:
    case Op::kVtoInt8:
    case Op::kVfromInt8:
    case Op::kVpack:
    case Op::kVexp2:
    case Op::kVrcp:
    case Op::kVrsqrt:
    case Op::kVld:
    case Op::kVst:
    case Op::kVldw:
    case Op::kVsplat:
    case Op::kVswap:
      writes = false;
      if (!command<kWatched>(d, seen)) return;
      break;
    case Op::kId:
      result = id_;
      break;
    case Op::kCycle:
      result = static_cast<std::uint32_t>(retired_);
      break;
    default:
      result = computed(d.op, a, b);
  }
  if (state_ == CoreState::kFaulted) return;
  if (next % 4 != 0) return stop(Fault::kTarget);
  if (next == loop_.end && loop_.turns > 1 && !goes_its_own_way(d.op)) {
    next = loop_.begin;
    --loop_.turns;
  }
  if (writes && d.rd != 0) x_[d.rd] = result;
  if constexpr (kWatched) {
    seen->rd = writes ? d.rd : std::uint8_t{0};
    seen->rd_value = seen->rd == 0 ? 0 : result;
    seen->next_pc = next;
  }
  pc_ = next;
  ++retired_;
}

std::uint64_t Core::run(std::uint64_t most) {
  const std::uint64_t before = retired_;
  blocked_ = false;
  while (state_ == CoreState::kRunning && !blocked_ && retired_ - before < most)
    execute<false>(nullptr);
  return retired_ - before;
}

Retired Core::step() {
  Retired seen;
  blocked_ = false;
  seen.order = retired_;
  seen.pc = pc_;
  if (pc_ / 4 < words_.size()) seen.word = words_[pc_ / 4];
  if (state_ == CoreState::kRunning) execute<true>(&seen);
  return seen;
}

}  // namespace tilewright::iss
