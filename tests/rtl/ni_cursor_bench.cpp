// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_cursor against the picture of a packet: word i of a message is word i + 2 of its packet,
// cut into flits and these into slices, and lies at column col + i of memory. Messages of no word,
// of a few, of thousands, from every column; steps that wait. VLEN and DFLIT are the model's.
#include <bit>
#include <vector>

#include "Vdut.h"
#include "network_bench.h"

namespace tilewright::rtl {
namespace {

constexpr std::uint32_t kRowWords = VLEN / 32, kFlitWords = DFLIT / 32, kHeaderWords = 2;
constexpr std::uint32_t kLanes = std::bit_ceil(kFlitWords < kRowWords ? kFlitWords : kRowWords);
constexpr std::uint32_t kSlices = (kFlitWords + kLanes - 1) / kLanes;

// A slice: which words of its message it holds, `count` of them from the `before`-th on, the first
// of them its `place`-th word.
struct Slice {
  std::uint32_t flit = 0, index = 0, before = 0, count = 0, place = 0;
};

class Bench {
 public:
  Bench() { reset(dut_); }

  void message(std::uint64_t at) {
    col_ = random_.below(kRowWords);
    length_ = random_.below(2 * kFlitWords + 2);
    if (random_.percent(10)) length_ = random_.below(1U << random_.below(17));
    dut_.col_i = static_cast<std::uint8_t>(col_);
    dut_.len_i = static_cast<std::uint16_t>(length_);
    Slice s;
    s.count = words_in(s);
    while (true) {
      check(s, at);
      dut_.step_i = random_.percent(70) ? 1 : 0;
      const bool steps = dut_.step_i != 0, ends = s.before + s.count == length_;
      clock(dut_);
      dut_.step_i = 0;
      if (!steps) continue;
      ++slices_;
      if (ends) return;
      s.before += s.count;
      s.index = s.index + 1 == kSlices ? 0 : s.index + 1;
      s.flit += s.index == 0 ? 1 : 0;
      s.count = words_in(s);
    }
  }
  int report(std::uint64_t messages) const {
    return verdict_.report(std::to_string(messages) + " messages of " + std::to_string(slices_) +
                           " slices");
  }

 private:
  static bool has_header(const Slice& s) { return s.flit == 0 && s.index == 0; }
  static std::uint32_t slice_words(const Slice& s) {
    return s.index + 1 == kSlices ? kFlitWords - s.index * kLanes : kLanes;
  }
  std::uint32_t words_in(Slice& s) const {
    s.place = has_header(s) ? kHeaderWords : 0;
    const std::uint32_t room = slice_words(s) - s.place, left = length_ - s.before;
    return left < room ? left : room;
  }

  void check(const Slice& s, std::uint64_t at) {
    dut_.eval();
    const std::uint32_t first = (col_ + s.before) % kRowWords, end = first + s.count;
    const bool msg_end = s.before + s.count == length_;
    verdict_.expect((dut_.first_o != 0) == (has_header(s)), "first slice", at);
    verdict_.expect((dut_.head_o != 0) == (s.flit == 0), "head flit", at);
    verdict_.expect(dut_.slice_o == s.index, "slice", at);
    verdict_.expect((dut_.empty_o != 0) == (s.count == 0), "no word", at);
    verdict_.expect((dut_.straddle_o != 0) == (end > kRowWords), "words in the next row", at);
    verdict_.expect((dut_.row_end_o != 0) == (msg_end || end >= kRowWords), "end of a row", at);
    verdict_.expect((dut_.msg_end_o != 0) == msg_end, "end of the message", at);
    verdict_.expect((dut_.flit_end_o != 0) == (msg_end || s.index + 1 == kSlices), "end of a flit",
                    at);
    if (s.count > 0)
      verdict_.expect(dut_.segment_o == first / kLanes, "segment of the first word", at);
    std::uint32_t lanes = 0, low = 0;
    for (std::uint32_t i = 0; i < s.count; ++i) {
      const std::uint32_t column = first + i, lane = column % kLanes;
      lanes |= 1U << lane;
      if (column / kLanes != first / kLanes) low |= 1U << lane;
      verdict_.expect((lane + dut_.rotate_o) % kLanes == s.place + i, "rotation", at);
    }
    verdict_.expect(dut_.lane_o == lanes, "lanes with a word", at);
    verdict_.expect((dut_.low_o & lanes) == low, "lanes of the next segment", at);
  }

  Vdut dut_;
  Verdict verdict_{"rtl.ni_cursor"};
  Random random_{42};
  std::uint32_t col_ = 0, length_ = 0;
  std::uint64_t slices_ = 0;
};

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  using namespace tilewright::rtl;
  Bench bench;
  const std::uint64_t messages = size_argument(argc, argv, 20'000);
  for (std::uint64_t i = 0; i < messages; ++i) bench.message(i);
  return bench.report(messages);
}
