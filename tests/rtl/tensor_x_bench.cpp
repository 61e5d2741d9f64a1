// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_tensor_x against a queue of requests and four rows in order: short requests and very long
// ones, a port that reads whenever a register is free, rows used up at any pace, any of them looked
// at. VLEN and DMEM_AW are the model's.
#include <array>
#include <deque>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kWords = VLEN / 32, kLanes = VLEN / 16, kSliceWords = kWords / 4;
constexpr std::uint32_t kDmemRows = 1U << DMEM_AW, kQueue = 4, kSlots = 4;

using Row = std::array<std::uint32_t, kWords>;

struct Request {
  std::uint32_t base, count, batch;   // batch: vectors - 1
  std::uint32_t row = 0, vector = 0;  // the next to be read

  std::uint32_t address() const { return (base + vector * count + row) % kDmemRows; }
  // False: that was the last.
  bool next() {
    vector = vector == batch ? 0 : vector + 1;
    if (vector == 0) ++row;
    return row < count;
  }
};

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    const Request offered = draw();
    dut_.eval();
    const bool reads = !queue_.empty() && filled_.size() + (arrives_ ? 1 : 0) < kSlots;
    check(at, reads);
    if (dut_.pop_i != 0) filled_.pop_front();
    if (arrives_) {
      Row& row = filled_.emplace_back();
      for (std::uint32_t w = 0; w < kWords; ++w) row[w] = word(dut_.dm_rdata_i, w);
    }
    const bool accepted = dut_.rows_valid_i != 0 && queue_.size() < kQueue;
    if (reads && !queue_.front().next()) queue_.pop_front();
    if (accepted) queue_.push_back(offered);
    arrives_ = reads;
    rows_ += reads ? 1 : 0;
    clock(dut_);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(rows_) + " rows in " + std::to_string(cycles) +
                           " cycles");
  }

 private:
  Request draw() {
    std::uint32_t count = 1 + random_.below(5);
    if (random_.percent(2)) count = 1 + random_.below((1U << random_.below(17)) - 1);
    const Request r{random_.below(kDmemRows), count, random_.below(kSlots)};
    dut_.rows_valid_i = random_.percent(30) ? 1 : 0;
    dut_.rows_base_i = static_cast<std::uint16_t>(r.base);
    dut_.rows_count_i = static_cast<std::uint16_t>(r.count);
    dut_.rows_batch_i = static_cast<std::uint8_t>(r.batch);
    for (std::uint32_t w = 0; w < kWords; ++w) set_word(dut_.dm_rdata_i, w, random_.word());
    dut_.slot_i = static_cast<std::uint8_t>(random_.below(kSlots));
    dut_.elem_i = static_cast<std::uint8_t>(random_.below(kLanes));
    dut_.pop_i = !filled_.empty() && random_.percent(70) ? 1 : 0;
    return r;
  }

  void check(std::uint64_t at, bool reads) {
    verdict_.expect((dut_.rows_ready_o != 0) == (queue_.size() < kQueue), "ready", at);
    verdict_.expect((dut_.dm_req_o != 0) == reads, "a read", at);
    if (reads) verdict_.expect(dut_.dm_addr_o == queue_.front().address(), "address", at);
    const bool valid = dut_.slot_i < filled_.size();
    verdict_.expect((dut_.valid_o != 0) == valid, "valid", at);
    if (!valid) return;
    const Row& row = filled_[dut_.slot_i];
    const std::uint32_t element = dut_.elem_i, quarter = element % 4;
    verdict_.expect(dut_.x_o == (row[element / 2] >> 16 * (element % 2) & 0xffff), "element", at);
    for (std::uint32_t w = 0; w < kSliceWords; ++w)
      verdict_.expect(word(dut_.slice_o, w) == row[quarter * kSliceWords + w], "quarter", at);
  }

  Vdut dut_;
  Verdict verdict_{"rtl.tensor_x"};
  Random random_{47};
  std::deque<Request> queue_;
  std::deque<Row> filled_;
  bool arrives_ = false;  // a row that was read in the cycle before
  std::uint64_t rows_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 500'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}
