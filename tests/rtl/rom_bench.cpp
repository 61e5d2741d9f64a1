// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_wmem and tcc_imem: contents equal the image, one cycle of latency, output held without a
// request, and, for tcc_wmem, the out-of-range flag. Definitions: WIDTH (bits), ROWS, IMAGE; WMEM
// when the model is tcc_wmem.
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

// Ports of up to 64 bits are scalars in Verilator, wider ones arrays.
template <typename Port>
std::uint32_t word_of(const Port& port, std::size_t i) {
  if constexpr (std::is_integral_v<Port>) {
    return static_cast<std::uint32_t>(std::uint64_t{port} >> (32 * i));
  } else {
    return port[i];
  }
}

}  // namespace

int main(int argc, char** argv) {
  Verdict verdict(IMAGE);
  Random random(5);
  std::vector<std::vector<std::uint32_t>> golden(ROWS, std::vector<std::uint32_t>(WIDTH / 32));
  for (auto& row : golden)
    for (auto& word : row) word = random.word();
  write_image(IMAGE, golden);

  Vdut model;
  reset(model);
  const std::vector<std::uint32_t>* held = nullptr;
  const std::uint64_t cycles = size_argument(argc, argv, 200000);
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    std::uint32_t address = cycle < ROWS ? static_cast<std::uint32_t>(cycle) : random.below(ROWS);
    model.req_i = cycle < ROWS || random.percent(70);
#ifdef WMEM
    const bool outside = cycle >= ROWS && random.percent(5);
    if (outside) address = random.percent(50) ? ROWS : ROWS + random.below(0x1000000U - ROWS);
#else
    constexpr bool outside = false;
#endif
    set(model.addr_i, address);
    clock(model);
    if (model.req_i) held = outside ? nullptr : &golden[address];
    if (held != nullptr) {
      for (std::size_t i = 0; i < WIDTH / 32; ++i)
        verdict.expect(word_of(model.rdata_o, i) == (*held)[i], "rdata_o", cycle);
    }
#ifdef WMEM
    verdict.expect(model.oob_o == (model.req_i && outside), "oob_o", cycle);
#endif
  }
  return verdict.report(std::to_string(ROWS) + " rows of " + std::to_string(WIDTH) + " bits");
}
