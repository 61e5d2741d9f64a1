// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_dmem against plain arrays: both ports at random every cycle, often on the same row, from a
// loaded image. Definitions: VLEN, DMEM_KIB.
#include "Vdut.h"
#include "image.h"
#include "network_bench.h"

using namespace tilewright::rtl;

namespace {

// An address port is as wide as the parameters make it.
template <typename Port>
void set(Port& port, std::uint32_t value) {
  port = static_cast<Port>(value);
}

constexpr std::uint32_t kWords = VLEN / 32;
constexpr std::uint32_t kRows = DMEM_KIB * 8192 / VLEN;
using Row = std::vector<std::uint32_t>;

struct Access {
  bool request, write;
  std::uint32_t row, word;
};

// A quarter of the accesses hit four hot rows, so that the ports meet.
Access random_access(Random& random) {
  const std::uint32_t row = random.percent(25) ? random.below(4) : random.below(kRows);
  return {random.percent(80), random.percent(50), row, random.below(kWords)};
}

}  // namespace

int main(int argc, char** argv) {
  Verdict verdict("dmem");
  Random random(6);
  std::vector<Row> golden(kRows, Row(kWords));
  for (auto& row : golden)
    for (auto& word : row) word = random.word();
  write_image(IMAGE, golden);

  Vdut model;
  reset(model);
  Row wide_held;
  std::uint32_t narrow_held = 0;
  bool narrow_read = false;
  std::uint64_t meetings = 0;
  const std::uint64_t cycles = size_argument(argc, argv, 200000);
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    const Access wide = random_access(random);
    Access narrow = random_access(random);
    // Two writes to one row in one cycle are outside the contract.
    if (wide.request && wide.write && narrow.write && wide.row == narrow.row)
      narrow.request = false;
    Row data(kWords);
    for (auto& word : data) word = random.word();
    const std::uint32_t narrow_data = random.word();
    model.w_req_i = wide.request;
    model.w_we_i = wide.write;
    set(model.w_addr_i, wide.row);
    for (std::size_t i = 0; i < kWords; ++i) model.w_wdata_i[i] = data[i];
    model.n_req_i = narrow.request;
    model.n_we_i = narrow.write;
    set(model.n_addr_i, narrow.row * kWords + narrow.word);
    model.n_wdata_i = narrow_data;
    clock(model);
    meetings +=
        wide.request && narrow.request && wide.row == narrow.row && wide.write != narrow.write;
    // Reads see the memory before this cycle's writes.
    if (wide.request && !wide.write) wide_held = golden[wide.row];
    if (narrow.request && !narrow.write) {
      narrow_held = golden[narrow.row][narrow.word];
      narrow_read = true;
    }
    if (wide.request && wide.write) golden[wide.row] = data;
    if (narrow.request && narrow.write) golden[narrow.row][narrow.word] = narrow_data;
    for (std::size_t i = 0; i < wide_held.size(); ++i)
      verdict.expect(model.w_rdata_o[i] == wide_held[i], "wide read", cycle);
    if (narrow_read) verdict.expect(model.n_rdata_o == narrow_held, "narrow read", cycle);
  }
  verdict.expect(meetings > 100, "the ports met", meetings);
  return verdict.report(std::to_string(DMEM_KIB) + " KiB at VLEN " + std::to_string(VLEN) + ", " +
                        std::to_string(meetings) + " reads of a row written in the same cycle");
}
