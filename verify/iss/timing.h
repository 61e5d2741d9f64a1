// When what a tile's program does happens: a model of the tile's pipeline, fed with the
// instructions in the order in which the simulator does them. It does not move through cycles: of
// each instruction it computes from those before when it is dispatched, executed and done, by the
// latencies and widths that the headers of rtl/ state. What it leaves out: conflicts at DMEM's
// ports but those of a matrix in DMEM, and messages that contend for a link.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "verify/iss/core.h"

namespace tilewright::iss {

// The parameters of rtl/tcc_tile that move cycles (paper, Table 7), by their names there.
struct TimingShape {
  std::uint32_t fetch_size = 1, stanum = 1, xdpnum = 1, xr_wp = 1, vdpnum = 1, vr_wp = 1;
  std::uint32_t vlen = 128, dflit_width = 64;  // bits
};

using Cycle = std::uint64_t;

// How many of a resource each cycle has taken; asked for later and later cycles.
class Slots {
 public:
  explicit Slots(std::uint32_t a_cycle) : most_(a_cycle) {}
  // The first cycle from `from` on with room, which it takes.
  Cycle take(Cycle from);
  bool room(Cycle at) const { return taken(at) < most_; }
  void add(Cycle at);

 private:
  // Cycles. What is asked for so much later than something else forgets it, as after many
  // quotients.
  static constexpr std::size_t kKept = 256;
  std::uint32_t taken(Cycle at) const;
  std::uint32_t most_;
  struct Entry {
    Cycle cycle = 0;
    std::uint32_t count = 0;
  };
  std::array<Entry, kKept> entries_{};
};

// The last N of a sequence of cycles, of which the one N before the next is asked.
class History {
 public:
  explicit History(std::size_t length) : cycles_(length) {}
  Cycle oldest() const { return cycles_[at_]; }
  void push(Cycle cycle) {
    cycles_[at_] = cycle;
    at_ = at_ + 1 == cycles_.size() ? 0 : at_ + 1;
  }

 private:
  std::vector<Cycle> cycles_;
  std::size_t at_ = 0;
};

class Timing {
 public:
  explicit Timing(const TimingShape& shape);

  // The next instruction in the program's order; s.halt too. Throws Error TW-ISS-003 for a word
  // that is none.
  void retire(const Retired& r);
  // Cycles from the start to done; 0 before s.halt has come. Messages that are under way still
  // count once they are delivered.
  Cycle cycles() const;

  // A message of which both ends have asked: the first that the sender has not sent and the first
  // that the receiver has not received.
  struct Message {
    std::uint32_t words = 0, hops = 0;  // links between the tiles
    std::uint32_t from = 0, to = 0;     // where it lies in their DMEMs, in words
    std::uint32_t source = 0;           // any number that tells senders apart
    bool adds = false;                  // n.radd
  };
  static void deliver(Timing& sender, Timing& receiver, const Message& message);

 private:
  struct Known {
    std::uint32_t word = 0;
    const isa::Instruction* instruction = nullptr;
    isa::Operands operands;
    bool reads_a = false, reads_b = false, writes = false;  // scalar registers
  };
  const Known& known(const Retired& r);
  Cycle dispatch(const Retired& r, const isa::Instruction& i);
  Cycle execute(const isa::Instruction& i, const isa::Operands& o, const Retired& r, Cycle ready);
  Cycle integer(Cycle ready);
  Cycle product(bool divides, Cycle ready);
  Cycle vector(const isa::Instruction& i, const isa::Operands& o, Cycle ready);
  Cycle issue_vector(const isa::Instruction& i, const isa::Operands& o, Cycle ready);
  Cycle command(const Command& c, Cycle ready);
  Cycle tensor(const Command& c, Cycle ready);
  Cycle wait(std::uint32_t units, Cycle ready) const;
  void jump(const isa::Instruction& i, const Retired& r, Cycle dispatched, Cycle executed);

  TimingShape shape_;
  std::uint32_t lanes_;
  std::vector<Known> words_;  // by address

  // Fetch and dispatch
  std::uint32_t block_ = 0;       // of IMEM, whose words are visible
  Cycle visible_ = 1, open_ = 1;  // from when; and from when on dispatch may go on
  Cycle dispatched_ = 0;          // the last one
  Slots dispatch_;
  History freed_;  // stations
  Cycle last_freed_ = 0;

  // Execution
  std::array<Cycle, isa::kRegisters> known_{};  // first cycle in which it can be an operand
  Slots units_, buses_;
  Cycle muldiv_free_ = 0;
  Cycle in_order_ = 0;  // the first in which an access or command may go

  // Vector unit
  Slots handed_, issued_;
  History popped_;
  Cycle vector_order_ = 0, popped_last_ = 0, vector_idle_ = 0, access_free_ = 0, sfu_free_ = 0;
  std::array<Cycle, isa::kVectorRegisters> row_known_{};
  std::vector<Slots> banks_;

  // Tensor engine
  History tensor_popped_;
  Cycle engine_free_ = 0, tensor_idle_ = 0, readout_free_ = 0, wmem_free_ = 0;
  std::array<Cycle, 4> bank_free_{};

  // Network interface: of the messages that were asked for, in order
  std::vector<Cycle> sends_, receives_;  // accepted
  std::vector<Cycle> sent_, received_;   // their buffers may be used
  Cycle link_free_ = 0;
  Cycle head_in_ = 0, head_before_ = 0;  // when heads of packets came, the last one's and before
  std::uint32_t source_ = ~0U;           // of the last one

  bool halted_ = false;
  Cycle halt_visible_ = 0;
};

}  // namespace tilewright::iss
