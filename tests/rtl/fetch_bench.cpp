// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fetch against a program counter and a program: any number of the words shown is taken, jumps
// go anywhere. Every word's bits are its address, so that one from elsewhere is seen. FETCH and
// IMEM_KIB are the model's parameters.
#include <algorithm>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kBlocks = IMEM_KIB * 256 / FETCH;
constexpr std::uint32_t kWords = kBlocks * FETCH;  // what is left of a last block is no program

std::uint32_t word_at(std::uint32_t index) {
  return index * 0x9E3779B1U ^ 0x5bd1e995U;
}

class Bench {
 public:
  Bench() { reset(dut_); }

  void cycle(std::uint64_t at) {
    dut_.rst_ni = random_.below(2000) == 0 ? 0 : 1;
    if (dut_.rst_ni == 0) pc_ = 0, fetched_ = false;
    dut_.run_i = random_.percent(90) ? 1 : 0;
    dut_.eval();
    check(at);
    const std::uint32_t shown = count();
    // Either all of them mostly, so that blocks pass, or any.
    const std::uint32_t take = random_.percent(50) ? shown : random_.below(shown + 1);
    dut_.take_i = static_cast<std::uint8_t>(take);
    dut_.redirect_i = random_.percent(pc_ >= kWords ? 50 : 8) ? 1 : 0;
    dut_.target_i = target();
    dut_.eval();
    step(at, take);
  }
  int report(std::uint64_t cycles) const {
    return verdict_.report(std::to_string(cycles) + " cycles, " + std::to_string(past_) +
                           " of them past the end");
  }

 private:
  // The words from the program counter to the end of its block.
  std::uint32_t count() const {
    return dut_.run_i != 0 && fetched_ && pc_ < kWords ? FETCH - pc_ % FETCH : 0;
  }
  std::uint32_t target() {
    switch (random_.below(7)) {
      case 0:
        return random_.word() & ~3U;
      case 1:
        return 4 * (kWords - 6 + random_.below(12));
      case 2:
        return (4 * random_.below(kWords)) | 1U << (2 + random_.below(30));
      case 3:  // a block that is one bit from one that is there
        return 4 * FETCH * (random_.below(kBlocks) | 1U << random_.below(28));
      default:
        return 4 * random_.below(kWords);
    }
  }

  void check(std::uint64_t at) {
    const bool past = pc_ >= kWords;
    past_ += past ? 1 : 0;
    if (!fetched_) return;  // the first block is asked for in the first cycle
    verdict_.expect(dut_.pc_o == 4 * pc_, "program counter", at);
    verdict_.expect((dut_.overrun_o != 0) == (past && dut_.run_i != 0), "overrun", at);
    verdict_.expect(dut_.count_o == count(), "number of words", at);
    for (std::uint32_t n = 0; n < count(); ++n)
      verdict_.expect(word(dut_.words_o, n) == word_at(pc_ + n), "word", at);
  }
  // The memory shows a block a cycle after it was asked for, and anything when it was not.
  void step(std::uint64_t at, std::uint32_t take) {
    pc_ = dut_.rst_ni == 0 ? 0 : dut_.redirect_i != 0 ? dut_.target_i / 4 : pc_ + take;
    const bool asked = dut_.im_req_o != 0;
    const std::uint32_t block = dut_.im_addr_o;
    if (dut_.rst_ni != 0) {
      verdict_.expect(asked == (pc_ < kWords), "request", at);
      if (asked) verdict_.expect(block == pc_ / FETCH, "address", at);
    }
    fetched_ = dut_.rst_ni != 0;
    clock(dut_);
    for (std::uint32_t n = 0; n < FETCH; ++n)
      set_word(dut_.im_rdata_i, n, asked ? word_at(block * FETCH + n) : random_.word());
    dut_.eval();
  }

  Vdut dut_;
  Verdict verdict_{"rtl.fetch"};
  Random random_{22};
  std::uint32_t pc_ = 0;  // in words
  bool fetched_ = false;
  std::uint64_t past_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t cycles = size_argument(argc, argv, 200'000);
  for (std::uint64_t i = 0; i < cycles; ++i) bench.cycle(i);
  return bench.report(cycles);
}
