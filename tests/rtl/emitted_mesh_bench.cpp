// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The product of split_gemv.h on the whole chip of mixed_mesh.h as the generator emitted it: top,
// links, wrappers of two VLENs, images by the names that the top gives them. The bench is the host:
// activations go in and results come out as packets of the host port, with random stalls.
#include <deque>
#include <filesystem>

#include "Vdut.h"
#include "image.h"
#include "mixed_mesh.h"

namespace tilewright::rtl {
namespace {

using F = Flit<kMixedFlitBits>;

// Chunks of the wider tile's lanes; weights that fill 64 KiB in every tile.
constexpr Split kSplit{kMixedColumns, kMixedRows, 64, 512, kWideTile.lanes(), true};
static_assert(kSplit.column_outputs * kSplit.tile_k * 2 == 64 * 1024);
static_assert(Layout(kSplit, kNarrowTile).fits(kNarrowTile));
static_assert(Layout(kSplit, kWideTile).fits(kWideTile));

// tile_XX_YY.hex in imem/ and wmem/ below the current folder.
void write_images(const Problem& problem) {
  for (const char* folder : {"imem", "wmem"}) std::filesystem::create_directories(folder);
  for (std::uint32_t i = 0; i < kMixedTileCount; ++i) {
    const std::uint32_t x = i % kMixedColumns, y = i / kMixedColumns;
    const TileShape shape = kMixedTiles[i].shape();
    const TilePart part(kSplit, shape, x, y);
    const std::string name = "/tile_0" + std::to_string(x) + "_0" + std::to_string(y) + ".hex";
    write_image("imem" + name,
                imem_blocks(program_words(part.program(), shape.vlen), shape.fetch_size));
    write_image("wmem" + name, part.wmem(problem));
  }
}

// Words as the flits of one packet.
std::vector<F> packet(const Header& header, const std::vector<std::uint32_t>& data) {
  std::vector<std::uint32_t> words;
  for (const std::uint32_t word : encode(header)) words.push_back(word);
  for (const std::uint32_t word : data) words.push_back(word);
  std::vector<F> flits((words.size() + F::kPayloadWords - 1) / F::kPayloadWords);
  for (std::size_t i = 0; i < words.size(); ++i)
    flits[i / F::kPayloadWords].words[i % F::kPayloadWords] = words[i];
  for (std::size_t i = 0; i < flits.size(); ++i) flits[i].mark(i == 0, i + 1 == flits.size());
  return flits;
}

// Node (0, rows): answers every tile's grant with its part of x, grants tile (0, 0)'s result and
// keeps it.
class Host {
 public:
  Host(const Problem& problem, Verdict& verdict) : problem_(problem), verdict_(verdict) {
    send({0, 0, 0, kSplit.rows, kResultChannel, 0, true}, {});
  }

  // The ports of one cycle, before its edge.
  void drive_ports(Vdut& chip, Random& random) {
    chip.host_valid_i = !out_.empty() && (holding_ || random.percent(70));
    chip.host_ready_i = random.percent(70);
    if (!out_.empty()) drive(chip.host_flit_i, out_.front());
    chip.eval();
    if (chip.host_valid_o && chip.host_ready_i) take(sample<F>(chip.host_flit_o));
    const bool taken = chip.host_valid_i && chip.host_ready_o;
    holding_ = chip.host_valid_i && !taken;  // an offered flit stays until it is taken
    if (taken) out_.pop_front();
  }

  bool complete() const { return result_.size() == kSplit.outputs() / 2; }
  std::uint16_t result(std::uint32_t n) const {
    return complete() ? half_at(result_, n) : std::uint16_t{0};
  }
  std::uint64_t flits_in() const { return flits_in_; }

 private:
  void send(const Header& header, const std::vector<std::uint32_t>& data) {
    for (const F& flit : packet(header, data)) out_.push_back(flit);
  }

  void take(const F& flit) {
    ++flits_in_;
    if (!flit.head()) {
      keep_words(flit, 0);
      return;
    }
    const Header header = flit.header();
    verdict_.expect(header.dst_x == 0 && header.dst_y == kSplit.rows, "a packet not for the host");
    if (header.grant) {
      send_x(header);
      return;
    }
    verdict_.expect(header.channel == kResultChannel && header.src_x == 0 && header.src_y == 0,
                    "not the result's packet");
    verdict_.expect(header.length == kSplit.outputs() / 2, "length of the result", header.length);
    keep_words(flit, 2);
  }

  void keep_words(const F& flit, std::size_t first) {
    for (std::size_t i = first; i < F::kPayloadWords && !complete(); ++i)
      result_.push_back(flit.words[i]);
    verdict_.expect(flit.tail() == complete(), "the result's tail is not at its end");
  }

  void send_x(const Header& grant) {
    verdict_.expect(grant.channel == kInputChannel, "channel of a grant", grant.channel);
    Row words(kSplit.tile_k / 2);
    for (std::uint32_t k = 0; k < kSplit.tile_k; ++k)
      set_half(words, k, problem_.x[grant.src_y * kSplit.tile_k + k]);
    send({grant.src_x, grant.src_y, 0, kSplit.rows, kInputChannel, kSplit.tile_k / 2}, words);
  }

  const Problem& problem_;
  Verdict& verdict_;
  std::deque<F> out_;
  bool holding_ = false;
  Row result_;
  std::uint64_t flits_in_ = 0;
};

// Cycles from the start pulse until done_o is high and the result is in.
std::uint64_t run_chip(Vdut& chip, Host& host, Random& random, Verdict& verdict) {
  constexpr std::uint64_t kLimit = 100'000;
  reset(chip);
  std::uint64_t cycles = 0;
  for (; cycles < kLimit && !(chip.done_o && host.complete()); ++cycles) {
    chip.start_i = cycles == 0;
    host.drive_ports(chip, random);
    clock(chip);
  }
  verdict.expect(cycles < kLimit, "the chip did not finish", cycles);
  verdict.expect(!chip.error_o, "a tile reports an error");
  return cycles;
}

int run(std::uint64_t seed) {
  Verdict verdict("emitted_mesh");
  const Problem problem = make_problem(kSplit, seed);
  write_images(problem);
  Vdut chip;
  Host host(problem, verdict);
  Random random(seed + 1);
  const std::uint64_t cycles = run_chip(chip, host, random, verdict);
  check_outputs(
      kSplit, problem, [&](std::uint32_t n) { return host.result(n); }, verdict);
  char text[200];
  std::snprintf(text, sizeof text,
                "FP16 GEMV %u x %u on the emitted 2x2 chip, VLEN 128 and 512, from host port to "
                "host port, bit-exact in %llu cycles, %llu flits to the host",
                kSplit.outputs(), kSplit.k(), static_cast<unsigned long long>(cycles),
                static_cast<unsigned long long>(host.flits_in()));
  return verdict.report(text);
}

}  // namespace
}  // namespace tilewright::rtl

int main(int argc, char** argv) {
  return tilewright::rtl::run(tilewright::rtl::size_argument(argc, argv, 7));
}
