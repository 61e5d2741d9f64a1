// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One tile alone, from images to results: a layer y = relu(W x) of 512 outputs from WMEM, its fp32
// partial sums, their exact return into the accumulators. The results must equal the golden
// dot products bit for bit. The model is tcc_tile, or anything with its ports and the image files
// imemVLEN.hex, wmemVLEN.hex, dmemVLEN.hex.
#pragma once

#include "golden_tensor.h"
#include "image.h"
#include "network_bench.h"
#include "tile_program.h"

namespace tilewright::rtl {

inline constexpr std::uint32_t kOutputs = 512, kInputs = 300;

struct Layer {
  std::vector<std::uint16_t> x;        // kInputs
  std::vector<std::uint16_t> weights;  // [kInputs][kOutputs]
};

inline Layer make_layer(Random& random) {
  const auto value = [&] {
    return static_cast<std::uint16_t>((random.word() & 0x83FFU) | ((11U + random.below(6)) << 10));
  };
  Layer layer;
  for (std::uint32_t i = 0; i < kInputs; ++i) layer.x.push_back(value());
  for (std::uint32_t i = 0; i < kInputs * kOutputs; ++i) layer.weights.push_back(value());
  return layer;
}

inline ExactSum dot(const Layer& layer, std::uint32_t output) {
  ExactSum sum;
  for (std::uint32_t k = 0; k < kInputs; ++k)
    sum.add_product(layer.x[k], layer.weights[k * kOutputs + output]);
  return sum;
}

// Where things lie in DMEM, in rows.
struct Plan {
  explicit Plan(std::uint32_t vlen)
      : lanes(vlen / 16),
        blocks(kOutputs / lanes),
        x(0),
        y((kInputs + lanes - 1) / lanes),
        partial(y + blocks),
        y_again(partial + 2 * blocks),
        end(y_again + blocks) {}
  std::uint32_t lanes, blocks, x, y, partial, y_again, end;
};

// Even blocks in bank 0, odd ones in bank 1: the read-out of one overlaps the product of the next.
inline std::vector<Command> make_program(const Plan& plan) {
  std::vector<Command> program{wptr(0)};
  for (std::uint32_t block = 0; block < plan.blocks; ++block) {
    program.push_back(gemv(plan.x, kInputs, block % 2));
    program.push_back(rd(plan.y + block, block % 2, false, true));
  }
  program.push_back(wptr(0));
  program.push_back(gemv(plan.x, kInputs, 0));
  program.push_back(rd(plan.partial, 0, true));
  program.push_back(wait(kWaitTensor));
  program.push_back(addf(plan.partial, 1, true));
  program.push_back(rd(plan.y_again, 1));
  program.push_back(wait(kWaitTensor));
  program.push_back(halt());
  return program;
}

// WMEM: for each block of `lanes` outputs, kInputs rows of that block's weights.
inline std::vector<Row> wmem_image(const Layer& layer, const Plan& plan) {
  std::vector<Row> rows;
  for (std::uint32_t block = 0; block < plan.blocks; ++block) {
    for (std::uint32_t k = 0; k < kInputs; ++k) {
      Row row(plan.lanes / 2);
      for (std::uint32_t lane = 0; lane < plan.lanes; ++lane)
        set_half(row, lane, layer.weights[k * kOutputs + block * plan.lanes + lane]);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

inline std::vector<Row> dmem_image(const Layer& layer, const Plan& plan) {
  std::vector<Row> rows(plan.y, Row(plan.lanes / 2));
  for (std::uint32_t i = 0; i < kInputs; ++i)
    set_half(rows[i / plan.lanes], i % plan.lanes, layer.x[i]);
  return rows;
}

// The start pulse to done_o; 0 if it never came.
template <typename Model>
std::uint64_t run_program(Model& model) {
  model.start_i = 1;
  clock(model);
  model.start_i = 0;
  for (std::uint64_t cycles = 1; cycles < 1000000; ++cycles) {
    if (model.done_o) return cycles;
    clock(model);
  }
  return 0;
}

// Runs the tile; `memory` gives its DMEM array. Returns the cycles.
template <typename Model, typename Memory>
std::uint64_t run_tile(std::uint32_t vlen, std::size_t fetch_size, const Layer& layer,
                       Memory memory, Verdict& verdict) {
  const Plan plan(vlen);
  const std::string suffix = std::to_string(vlen) + ".hex";
  write_image("imem" + suffix, imem_blocks(program_words(make_program(plan), vlen), fetch_size));
  write_image("wmem" + suffix, wmem_image(layer, plan));
  write_image("dmem" + suffix, dmem_image(layer, plan));

  Model model;
  reset(model);
  model.ready_i = 15;
  const std::uint64_t cycles = run_program(model);
  verdict.expect(cycles != 0 && !model.error_o, "the program did not end well", vlen);

  const auto half = [&](std::uint32_t row, std::uint32_t output) {
    const std::uint32_t lane = output % plan.lanes;
    return (memory(model, row + output / plan.lanes, lane / 2) >> (16 * (lane % 2))) & 0xFFFFU;
  };
  for (std::uint32_t output = 0; output < kOutputs; ++output) {
    const ExactSum sum = dot(layer, output);
    verdict.expect(half(plan.y, output) == sum.read(kFp16, true), "y", output);
    if (output >= plan.lanes) continue;
    const std::uint32_t row = plan.partial + output / (plan.lanes / 2),
                        word = output % (plan.lanes / 2);
    verdict.expect(memory(model, row, word) == sum.read(kFp32), "fp32 partial sum", output);
    ExactSum returned;
    returned.add_fp32(sum.read(kFp32));
    verdict.expect(half(plan.y_again, output) == returned.read(kFp16), "returned partial sum",
                   output);
  }

  // A finished tile starts again and comes to the same end.
  verdict.expect(run_program(model) == cycles, "second run", vlen);
  return cycles;
}

// The layer on two models, of VLEN 128 with FETCH_SIZE 1 and of VLEN 512 with FETCH_SIZE 4: the
// wider one must need a quarter of the cycles. Returns the bench's exit status.
template <typename Narrow, typename Wide, typename NarrowMemory, typename WideMemory>
int compare_tiles(const char* bench, NarrowMemory narrow_memory, WideMemory wide_memory) {
  Verdict verdict(bench);
  Random random(8);
  const Layer layer = make_layer(random);
  const std::uint64_t narrow = run_tile<Narrow>(128, 1, layer, narrow_memory, verdict);
  const std::uint64_t wide = run_tile<Wide>(512, 4, layer, wide_memory, verdict);
  const double ratio = static_cast<double>(narrow) / static_cast<double>(wide);
  verdict.expect(ratio > 3.6 && ratio < 4.0, "the wider tile is not faster in proportion");
  const auto rows = [](std::uint32_t vlen) { return (kOutputs * 16 / vlen + 1) * kInputs; };
  char text[200];
  std::snprintf(text, sizeof text,
                "%u x %u layer bit-exact; VLEN 128: %llu cycles (%.1f%% weight rows), VLEN 512: "
                "%llu (%.1f%%)",
                kOutputs, kInputs, static_cast<unsigned long long>(narrow),
                100.0 * rows(128) / static_cast<double>(narrow),
                static_cast<unsigned long long>(wide),
                100.0 * rows(512) / static_cast<double>(wide));
  return verdict.report(text);
}

}  // namespace tilewright::rtl
