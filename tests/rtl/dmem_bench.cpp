// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_dmem against plain arrays: both ports at random every cycle, often on the same row, the
// network's with any byte enables, from a loaded image. Definitions: VLEN, DMEM_KIB.
#include <algorithm>
#include <type_traits>

#include "Vdut.h"
#include "image.h"
#include "network_bench.h"

using namespace tilewright::rtl;

namespace {

// A port is as wide as the parameters make it: a scalar or an array of 32-bit words.
template <typename Port>
void set(Port& port, std::uint32_t value) {
  port = static_cast<Port>(value);
}
template <typename Port>
void set_enables(Port& port, const std::vector<bool>& bytes) {
  if constexpr (std::is_integral_v<Port>) {
    port = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      port = static_cast<Port>(port | (Port{bytes[i]} << i));
  } else {
    for (std::size_t word = 0; word < bytes.size() / 32; ++word) {
      port[word] = 0;
      for (std::size_t i = 0; i < 32; ++i) port[word] |= std::uint32_t{bytes[32 * word + i]} << i;
    }
  }
}

constexpr std::uint32_t kWords = VLEN / 32;
constexpr std::uint32_t kRows = DMEM_KIB * 8192 / VLEN;
using Row = std::vector<std::uint32_t>;

struct Access {
  bool request, write;
  std::uint32_t row;
};

// A quarter of the accesses hit four hot rows, so that the ports meet.
Access random_access(Random& random) {
  const std::uint32_t row = random.percent(25) ? random.below(4) : random.below(kRows);
  return {random.percent(80), random.percent(50), row};
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
  Row wide_held, net_held;
  std::uint64_t meetings = 0;
  const std::uint64_t cycles = size_argument(argc, argv, 200000);
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    const Access wide = random_access(random);
    Access net = random_access(random);
    // Two writes to one row in one cycle are outside the contract.
    if (wide.request && wide.write && net.write && wide.row == net.row) net.request = false;
    Row data(kWords);
    for (auto& word : data) word = random.word();
    Row net_data(kWords);
    for (auto& word : net_data) word = random.word();
    std::vector<bool> bytes(4 * kWords);
    const std::uint32_t density = random.below(101);
    while (net.write && std::find(bytes.begin(), bytes.end(), true) == bytes.end())
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = random.percent(density | 1);
    model.w_req_i = wide.request;
    model.w_we_i = wide.write;
    set(model.w_addr_i, wide.row);
    for (std::size_t i = 0; i < kWords; ++i) model.w_wdata_i[i] = data[i];
    model.n_req_i = net.request;
    set_enables(model.n_we_i, bytes);
    set(model.n_addr_i, net.row);
    for (std::size_t i = 0; i < kWords; ++i) model.n_wdata_i[i] = net_data[i];
    clock(model);
    meetings += wide.request && net.request && wide.row == net.row && wide.write != net.write;
    // Reads see the memory before this cycle's writes.
    if (wide.request && !wide.write) wide_held = golden[wide.row];
    if (net.request && !net.write) net_held = golden[net.row];
    if (wide.request && wide.write) golden[wide.row] = data;
    for (std::size_t i = 0; i < bytes.size() && net.request; ++i) {
      const std::uint32_t mask = bytes[i] ? 0xFFU << (8 * (i % 4)) : 0;
      std::uint32_t& word = golden[net.row][i / 4];
      word = (word & ~mask) | (net_data[i / 4] & mask);
    }
    for (std::size_t i = 0; i < wide_held.size(); ++i)
      verdict.expect(model.w_rdata_o[i] == wide_held[i], "wide read", cycle);
    for (std::size_t i = 0; i < net_held.size(); ++i)
      verdict.expect(model.n_rdata_o[i] == net_held[i], "network read", cycle);
  }
  verdict.expect(meetings > 100, "the ports met", meetings);
  return verdict.report(std::to_string(DMEM_KIB) + " KiB at VLEN " + std::to_string(VLEN) + ", " +
                        std::to_string(meetings) + " reads of a row written in the same cycle");
}
