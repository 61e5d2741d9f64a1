#include "verify/iss/timing.h"

#include <algorithm>

#include "support/error.h"

namespace tilewright::iss {
namespace {

using isa::Op;

// Latencies of rtl/, each from the header of the module that is named; rtl.timing_* compares.
constexpr Cycle kProduct = 3, kQuotient = 34;                           // tcc_muldiv
constexpr Cycle kLane = 5, kSpecial = 13, kRowLoad = 4, kRowStore = 2;  // tcc_vector
constexpr Cycle kFirstRow = 3, kLastRow = 4, kLastSum = 3;              // tcc_tensor_issue
constexpr Cycle kAddSteps = 8;
constexpr Cycle kReadout = 13, kWideReadout = 16;  // tcc_tensor_readout
constexpr Cycle kBankRead = 10, kWideBankRead = 13;
constexpr Cycle kGrant = 2, kHead = 4, kNarrowHead = 3, kNarrowGrantedHead = 2;  // tcc_ni
constexpr Cycle kRowsAhead = 8;      // that n.radd has read when the first word comes
constexpr std::uint32_t kSlice = 2;  // words of a flit that it moves at once
constexpr std::size_t kTensorQueue = 4, kSends = 2, kReceives = 3;
constexpr std::uint32_t kWaitTensor = 1, kWaitSends = 2, kWaitReceives = 4, kWaitVectors = 8;
constexpr std::uint32_t kBank = 3, kMatrixInDmem = 1 << 7;

bool is_branch(Op op) {
  return (op >= Op::kBeq && op <= Op::kBgeu) || op == Op::kJalr || op == Op::kLoop;
}
bool is_load(Op op) {
  return op >= Op::kLb && op <= Op::kLhu;
}
bool is_store(Op op) {
  return op >= Op::kSb && op <= Op::kSw;
}
bool is_access(Op op) {
  return op == Op::kVld || op == Op::kVst || op == Op::kVldw;
}
bool is_special(Op op) {
  return op == Op::kVexp2 || op == Op::kVrcp || op == Op::kVrsqrt;
}

Cycle over(std::uint32_t a, std::uint32_t b) {
  return (a + b - 1) / b;
}

// Rows of DMEM that so many words from a place on lie in.
Cycle rows_of(std::uint32_t at, std::uint32_t words, const TimingShape& shape) {
  const std::uint32_t row = shape.vlen / 32;
  return over(at % row + words, row);
}

// A flit is filled and emptied by pieces no wider than a row, one a cycle: how many there are of a
// message, and of its first flit, which leaves when it is full.
struct Pieces {
  Cycle all = 0, first = 1;
};
Pieces cut(const Timing::Message& m, const TimingShape& shape) {
  const std::uint32_t flit = shape.dflit_width / 32, piece = std::min(flit, shape.vlen / 32);
  const Cycle all = m.words / flit * over(flit, piece) + over(m.words % flit, piece);
  return {std::max(all, rows_of(m.from, m.words, shape)),
          std::max(over(std::min(m.words, flit), piece), Cycle{1})};
}

}  // namespace

std::uint32_t Slots::taken(Cycle at) const {
  const Entry& entry = entries_[at % kKept];
  return entry.cycle == at ? entry.count : 0;
}
void Slots::add(Cycle at) {
  Entry& entry = entries_[at % kKept];
  if (entry.cycle != at) entry = {at, 0};
  ++entry.count;
}
Cycle Slots::take(Cycle from) {
  while (!room(from)) ++from;
  add(from);
  return from;
}

Timing::Timing(const TimingShape& shape)
    : shape_(shape),
      lanes_(shape.vlen / 16),
      dispatch_(shape.xdpnum),
      freed_(shape.stanum),
      units_(shape.xdpnum),
      buses_(shape.xr_wp),
      handed_(shape.vdpnum),
      issued_(shape.vdpnum),
      popped_(shape.stanum),
      banks_(shape.vr_wp, Slots(1)),
      tensor_popped_(kTensorQueue) {}

// A program's words are looked up once.
const Timing::Known& Timing::known(const Retired& r) {
  const std::size_t index = r.pc / 4;
  if (index >= words_.size()) words_.resize(index + 1);
  Known& k = words_[index];
  if (k.instruction != nullptr && k.word == r.word) return k;
  const isa::Instruction* i = isa::decode(r.word);
  if (i == nullptr) throw Error("TW-ISS-003", "no instruction", "timing", "feed what retired");
  const auto has = [&](isa::Operand operand) { return isa::has(i->format, operand); };
  k = {r.word,
       i,
       isa::operands_of(i->format, r.word),
       has(isa::Operand::kRs1) || has(isa::Operand::kAddress),
       has(isa::Operand::kRs2),
       has(isa::Operand::kRd)};
  return k;
}

void Timing::retire(const Retired& r) {
  const Known& k = known(r);
  const Cycle dispatched = dispatch(r, *k.instruction);
  if (k.instruction->op == Op::kHalt) return;
  Cycle ready = dispatched + 1;
  if (k.reads_a) ready = std::max(ready, known_[k.operands.rs1]);
  if (k.reads_b) ready = std::max(ready, known_[k.operands.rs2]);
  const Cycle done = execute(*k.instruction, k.operands, r, ready);
  if (k.writes && k.operands.rd != 0) known_[k.operands.rd] = done + 1;
  last_freed_ = std::max(last_freed_, done);
  freed_.push(last_freed_);
  jump(*k.instruction, r, dispatched, done);
}

// In order, of one block of IMEM a cycle, into a station that is free.
Cycle Timing::dispatch(const Retired& r, const isa::Instruction& i) {
  const std::uint32_t block = r.pc / 4 / shape_.fetch_size;
  if (block != block_) visible_ = std::max(visible_, dispatched_ + 1);
  block_ = block;
  const Cycle from = std::max({visible_, open_, dispatched_});
  if (i.op == Op::kHalt) {  // the first word, when nothing is in the stations
    halted_ = true;
    halt_visible_ = std::max({from, dispatched_ + 1, last_freed_ + 1});
    return halt_visible_;
  }
  dispatched_ = dispatch_.take(std::max(from, freed_.oldest() + 1));
  return dispatched_;
}

// Where the next word comes from, and when.
void Timing::jump(const isa::Instruction& i, const Retired& r, Cycle dispatched, Cycle executed) {
  const bool waits = is_branch(i.op), away = r.next_pc != r.pc + 4;
  if (!waits && !away && i.op != Op::kJal) return;
  open_ = (waits ? executed : dispatched) + 1;
  if (waits && !away && i.op != Op::kJalr) return;
  visible_ = open_;
  block_ = r.next_pc / 4 / shape_.fetch_size;
}

// The cycle in which its station can be freed at the earliest: that of its result.
Cycle Timing::execute(const isa::Instruction& i, const isa::Operands& o, const Retired& r,
                      Cycle ready) {
  if (i.unit == isa::Unit::kMulDiv) return product(i.op >= Op::kDiv, ready);
  if (i.unit == isa::Unit::kVector) return vector(i, o, ready);
  if (r.is_command) return command(r.command, ready);
  if (!is_load(i.op) && !is_store(i.op)) return integer(ready);
  const Cycle accepted = std::max(ready, in_order_);
  in_order_ = accepted + 1;
  if (is_store(i.op)) return accepted;
  // The RTL puts the load first and lets what is older wait, which comes to the same.
  return buses_.take(accepted + 1);
}

Cycle Timing::integer(Cycle ready) {
  while (!units_.room(ready) || !buses_.room(ready)) ++ready;
  units_.add(ready);
  buses_.add(ready);
  return ready;
}

Cycle Timing::product(bool divides, Cycle ready) {
  const Cycle begins = std::max(ready, muldiv_free_);
  const Cycle on_bus = buses_.take(begins + (divides ? kQuotient : kProduct));
  muldiv_free_ = on_bus + 1;
  return on_bus;
}

// Handed over: behind accesses and commands, as many a cycle as the unit has lanes and room.
Cycle Timing::vector(const isa::Instruction& i, const isa::Operands& o, Cycle ready) {
  const Cycle handed =
      handed_.take(std::max({ready, in_order_, vector_order_, popped_.oldest() + 1}));
  vector_order_ = handed;
  popped_.push(issue_vector(i, o, handed + 1));
  return handed;
}

Cycle Timing::issue_vector(const isa::Instruction& i, const isa::Operands& o, Cycle ready) {
  const auto row = [&](std::uint8_t v) { ready = std::max(ready, row_known_[v]); };
  const bool writes = isa::has(i.format, isa::Operand::kVd),
             lane = !is_access(i.op) && !is_special(i.op);
  if (isa::has(i.format, isa::Operand::kVs1)) row(o.rs1);
  if (isa::has(i.format, isa::Operand::kVs2)) row(o.rs2);
  if (writes) row(o.rd);
  ready = std::max(ready, popped_last_);
  if (is_access(i.op)) ready = std::max(ready, access_free_);
  if (is_special(i.op)) ready = std::max(ready, sfu_free_);
  if (i.op == Op::kVldw) ready = std::max(ready, wmem_free_);
  Slots& bank = banks_[o.rd % banks_.size()];
  while (!issued_.room(ready) || (lane && !bank.room(ready))) ++ready;
  issued_.add(ready);
  if (lane) bank.add(ready);
  popped_last_ = ready;
  const Cycle takes = lane ? kLane : is_special(i.op) ? kSpecial : writes ? kRowLoad : kRowStore;
  if (is_access(i.op)) access_free_ = ready + takes;
  if (is_special(i.op)) sfu_free_ = ready + takes;
  if (writes) row_known_[o.rd] = ready + takes;
  vector_idle_ = std::max(vector_idle_, ready + takes);
  return ready;
}

Cycle Timing::command(const Command& c, Cycle ready) {
  // Not in one cycle with a vector instruction before it.
  ready = std::max({ready, in_order_, vector_order_ + 1});
  switch (c.op) {
    case Op::kWait:
      ready = wait(c.flags, ready);
      break;
    case Op::kSend:
      if (sends_.size() >= kSends) ready = std::max(ready, sent_[sends_.size() - kSends] + 1);
      sends_.push_back(ready);
      break;
    case Op::kRecv:
    case Op::kRadd:
      if (receives_.size() >= kReceives)
        ready = std::max(ready, received_[receives_.size() - kReceives] + 1);
      receives_.push_back(ready);
      break;
    default:
      ready = tensor(c, ready);
  }
  in_order_ = ready + 1;
  return ready;
}

Cycle Timing::wait(std::uint32_t units, Cycle ready) const {
  if ((units & kWaitTensor) != 0) ready = std::max(ready, tensor_idle_);
  if ((units & kWaitVectors) != 0) ready = std::max(ready, vector_idle_);
  if ((units & kWaitSends) != 0 && !sent_.empty()) ready = std::max(ready, sent_.back() + 1);
  const std::size_t left = units >> 4 & 3;
  if ((units & kWaitReceives) != 0 && receives_.size() > left)
    ready = std::max(ready, received_[receives_.size() - left - 1] + 1);
  return ready;
}

// Four commands wait in the engine; their rows of x are read ahead.
Cycle Timing::tensor(const Command& c, Cycle ready) {
  const Cycle accepted = std::max(ready, tensor_popped_.oldest() + 1);
  const std::uint32_t bank = c.flags & kBank;
  Cycle begins = std::max(accepted + 1, engine_free_), steps = 1, idle = 0;
  if (c.op == Op::kGemv) {
    const std::uint32_t batch = (c.flags >> 3 & 3) + 1;
    begins = std::max(begins, accepted + kFirstRow);
    for (std::uint32_t v = 0; v < batch; ++v)
      begins = std::max(begins, bank_free_[(bank + v) % bank_free_.size()]);
    steps = Cycle{c.b} * batch;
    if ((c.flags & kMatrixInDmem) != 0) {
      steps += Cycle{(c.b + lanes_ - 1) / lanes_} * batch;  // its rows of x come between
    } else {
      wmem_free_ = begins + steps;
    }
    idle = begins + steps - 1 + kLastRow;
  } else if (c.op == Op::kAdda) {
    begins = std::max({begins, accepted + kFirstRow, bank_free_[bank]});
    steps = kAddSteps;
    idle = begins + steps - 1 + kLastSum;
  } else if (c.op == Op::kRead) {
    const std::uint32_t format = c.flags >> 8 & 3;
    const bool wide = format == 1 || format == 2;  // fp32, int32
    begins = std::max(begins, readout_free_);
    readout_free_ = begins + (wide ? kWideReadout : kReadout);
    bank_free_[bank] = begins + (wide ? kWideBankRead : kBankRead);
    idle = readout_free_;
  }
  engine_free_ = begins + steps;
  tensor_popped_.push(engine_free_ - 1);
  tensor_idle_ = std::max(tensor_idle_, idle);
  return accepted;
}

// tcc_ni: the receiver's grant goes to the sender, whose packet follows it back. A second grant is
// out before the first one's packet has come if both go to one sender.
void Timing::deliver(Timing& sender, Timing& receiver, const Message& m) {
  const Cycle asked = receiver.receives_[receiver.received_.size()];
  const Cycle offered = sender.sends_[sender.sent_.size()];
  const Cycle path = Cycle{m.hops} + 1;
  const Cycle before = receiver.source_ == m.source ? receiver.head_before_ : receiver.head_in_;
  const Cycle granted = std::max(asked, before) + kGrant + path;
  const bool narrow = sender.shape_.dflit_width == 64;
  const Cycle head =
      std::max({granted + (narrow ? kNarrowGrantedHead : kHead),
                offered + (narrow ? kNarrowHead : kHead), sender.link_free_ + kHead});
  const Pieces pieces = cut(m, sender.shape_);
  sender.link_free_ = head + 1 + pieces.all - kHead;
  sender.sent_.push_back(head + pieces.all);
  receiver.head_before_ = receiver.head_in_;
  receiver.head_in_ = head + path;
  receiver.source_ = m.source;
  Cycle written = receiver.head_in_ + (narrow ? 3 : 1);  // of no words
  if (m.words > 0) {
    const Cycle rows = rows_of(m.to, m.words, receiver.shape_);
    const Cycle accesses = rows + (m.adds && rows > kRowsAhead ? rows - kRowsAhead : 0);
    const Cycle first = narrow ? 4 : (m.words <= kSlice ? 2 : 3);
    written = receiver.head_in_ + first + (pieces.first - 1) + std::max(pieces.all, accesses) - 1;
  }
  const Cycle last = receiver.received_.empty() ? 0 : receiver.received_.back();
  receiver.received_.push_back(std::max(last + 1, written));
}

Cycle Timing::cycles() const {
  if (!halted_) return 0;
  Cycle idle = std::max({halt_visible_, tensor_idle_, vector_idle_});
  if (!sent_.empty()) idle = std::max(idle, sent_.back() + 1);
  if (!received_.empty()) idle = std::max(idle, received_.back() + 1);
  return idle + 1;
}

}  // namespace tilewright::iss
