// The scalar core of a tile, instruction by instruction: RV32IM without FENCE, ECALL, EBREAK and
// CSRs, the system instructions, and commands, which it hands to the tile's units (arch/isa). No
// pipeline: what a program computes, not when.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "arch/isa/isa.h"

namespace tilewright::iss {

// Instructions are fetched from IMEM, which begins at address 0 and can't be read as data. Loads
// and stores reach DMEM alone.
constexpr std::uint32_t kDmemBase = 0x8000'0000;

struct MemorySizes {
  std::uint32_t imem_bytes = 16 * 1024, dmem_bytes = 64 * 1024;
};

// A tile has no traps: it stops where it can't go on, before the instruction does anything.
enum class Fault : std::uint8_t {
  kNone,
  kIllegal,     // the word is no instruction
  kFetch,       // the pc is outside the program
  kTarget,      // a taken branch or jump to an address that is no multiple of 4
  kAlignment,   // an address that is no multiple of the access
  kOutOfRange,  // an access outside DMEM
  kCommand,     // a command that its unit refuses
};

enum class CoreState : std::uint8_t { kRunning, kHalted, kFaulted };

// An instruction for the units of the tile, or s.wait: the contents of its scalar registers, and
// its flags or immediate; of a vector instruction also the word.
struct Command {
  isa::Op op;
  std::uint32_t a = 0, b = 0, flags = 0, word = 0;
  bool operator==(const Command&) const = default;
};
enum class Outcome : std::uint8_t {
  kDone,
  kBlocked,  // not now: the same instruction is tried again
  kRefused,  // illegal: the core stops
};

// What one instruction did: what the RTL's retirement port shows.
struct Retired {
  std::uint64_t order = 0;  // from 0 on
  std::uint32_t pc = 0, word = 0, next_pc = 0;
  std::uint8_t rd = 0;  // 0: none written
  std::uint32_t rd_value = 0;
  std::uint32_t address = 0;                       // of a load or store
  std::uint8_t read_bytes = 0, written_bytes = 0;  // 0, 1, 2 or 4
  std::uint32_t data = 0;                          // written, or read before its extension
  bool is_command = false;
  Command command{};
};

class Core {
 public:
  explicit Core(const MemorySizes& sizes);

  // At address 0; the rest of IMEM holds no instruction. Throws Error TW-ISS-001 when it does not
  // fit. Resets registers and pc; DMEM stays.
  void load(std::span<const std::uint32_t> program);
  std::span<std::uint8_t> dmem() { return dmem_; }
  std::span<const std::uint8_t> dmem() const { return dmem_; }

  // Executes commands; without one, every command is done and does nothing.
  using Units = std::function<Outcome(const Command&)>;
  void attach(Units units) { units_ = std::move(units); }
  void set_id(std::uint32_t id) { id_ = id; }  // what n.id gives

  // Executes at most `most` instructions, up to one that is blocked; returns how many retired.
  std::uint64_t run(std::uint64_t most);
  // Executes one; only while running. Of a fault, and of one that is blocked, what is there shows
  // the pc and the word.
  Retired step();

  CoreState state() const { return state_; }
  bool blocked() const { return blocked_; }  // the last one tried was
  Fault fault() const { return fault_; }
  std::int32_t halt_code() const { return halt_code_; }
  std::uint32_t pc() const { return pc_; }
  std::uint64_t retired() const { return retired_; }
  std::uint32_t x(int number) const { return x_[static_cast<std::size_t>(number)]; }
  void set_x(int number, std::uint32_t value);  // nothing for x0

 private:
  struct Decoded {
    isa::Op op;
    bool legal;
    std::uint8_t rd, rs1, rs2;
    std::int32_t imm;
  };
  template <bool kWatched>
  void execute(Retired* seen);
  template <bool kWatched>
  std::uint32_t access(const Decoded& d, bool store, Retired* seen);
  template <bool kWatched>
  bool command(const Decoded& d, Retired* seen);
  void stop(Fault fault);
  bool reachable(std::uint32_t address, std::uint32_t bytes);
  std::uint32_t read(std::uint32_t address, std::uint32_t bytes) const;
  void write(std::uint32_t address, std::uint32_t bytes, std::uint32_t value);

  MemorySizes sizes_;
  std::vector<std::uint32_t> words_;
  std::vector<Decoded> program_;
  std::vector<std::uint8_t> dmem_;
  std::array<std::uint32_t, isa::kRegisters> x_{};
  std::uint32_t pc_ = 0;
  std::uint64_t retired_ = 0;
  CoreState state_ = CoreState::kRunning;
  Fault fault_ = Fault::kNone;
  std::int32_t halt_code_ = 0;
  bool blocked_ = false;
  std::uint32_t id_ = 0;
  struct {
    std::uint32_t begin = 0, end = 0, turns = 0;  // turns that are left, with the present one
  } loop_;
  Units units_;
};

}  // namespace tilewright::iss
