// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What the RTL benches share: a named random source, a verdict, clocking, binary32 addition, a flit
// and its header.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#ifdef RTL_COVERAGE
#include "verilated_cov.h"
#endif

namespace tilewright::rtl {

// SplitMix64: one 64-bit state, the same sequence everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint32_t word() { return static_cast<std::uint32_t>(next() >> 32); }
  // Uniform in 0..n-1 (bias below 2^-32 for the small n used here).
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{word()} * n) >> 32);
  }
  bool percent(std::uint32_t p) { return below(100) < p; }

 private:
  std::uint64_t state_;
};

// Counts violations, prints the first few, and ends the bench with one PASS/FAIL line.
class Verdict {
 public:
  explicit Verdict(std::string bench) : bench_(std::move(bench)) {}

  void expect(bool holds, const char* what, std::uint64_t at = 0) {
    if (holds) return;
    if (++failures_ <= kPrinted) {
      std::fprintf(stderr, "%s: %s (at %llu)\n", bench_.c_str(), what,
                   static_cast<unsigned long long>(at));
    }
  }
  bool ok() const { return failures_ == 0; }
  // Exit status of the bench.
  int report(const std::string& figures) const {
#ifdef RTL_COVERAGE
    VerilatedCov::write("coverage.dat");  // while the models are there
#endif
    std::printf("%s %s: %s\n", ok() ? "PASS" : "FAIL", bench_.c_str(), figures.c_str());
    return ok() ? EXIT_SUCCESS : EXIT_FAILURE;
  }

 private:
  static constexpr std::uint64_t kPrinted = 10;
  std::string bench_;
  std::uint64_t failures_ = 0;
};

// Binary32 addition of encodings: the host's, rounding to nearest even, with the canonical NaN.
inline std::uint32_t host_add(std::uint32_t a, std::uint32_t b) {
  // volatile: the addition happens at run time, in binary32.
  volatile float x = std::bit_cast<float>(a);
  volatile float y = std::bit_cast<float>(b);
  const float sum = x + y;
  return std::isnan(sum) ? 0x7FC00000U : std::bit_cast<std::uint32_t>(sum);
}

// The tcc_noc_pkg header.
struct Header {
  std::uint32_t dst_x = 0, dst_y = 0, src_x = 0, src_y = 0, channel = 0, length = 0;
  bool grant = false;
};

inline std::array<std::uint32_t, 2> encode(const Header& h) {
  return {h.dst_x | (h.dst_y << 6) | (h.src_x << 12) | (h.src_y << 18) | (h.channel << 24),
          h.length | (h.grant ? 1U << 16 : 0U)};
}

inline Header decode(std::uint32_t low, std::uint32_t high) {
  return {low & 63U, (low >> 6) & 63U, (low >> 12) & 63U,       (low >> 18) & 63U,
          low >> 24, high & 0xFFFFU,   ((high >> 16) & 1U) != 0};
}

// The neighbours of tile `index` of a mesh to the North, East, South and West.
inline std::array<std::optional<std::uint32_t>, 4> mesh_neighbours(std::uint32_t index,
                                                                   std::uint32_t columns,
                                                                   std::uint32_t rows) {
  const std::uint32_t x = index % columns, y = index / columns;
  const auto tile_if = [](bool there, std::uint32_t tile) {
    return there ? std::optional(tile) : std::nullopt;
  };
  return {tile_if(y > 0, index - columns), tile_if(x + 1 < columns, index + 1),
          tile_if(y + 1 < rows, index + columns), tile_if(x > 0, index - 1)};
}

// A flit as Verilator lays out [DflitWidth+1:0]: payload words, then {head, tail} in the last word.
template <std::size_t DflitWidth>
struct Flit {
  static constexpr std::size_t kPayloadWords = DflitWidth / 32;
  static constexpr std::size_t kWords = kPayloadWords + 1;
  static constexpr std::uint32_t kTail = 1, kHead = 2;

  std::array<std::uint32_t, kWords> words{};

  bool head() const { return (words[kPayloadWords] & kHead) != 0; }
  bool tail() const { return (words[kPayloadWords] & kTail) != 0; }
  void mark(bool head, bool tail) {
    words[kPayloadWords] = (head ? kHead : 0U) | (tail ? kTail : 0U);
  }
  Header header() const { return decode(words[0], words[1]); }
  bool operator==(const Flit&) const = default;
};

template <typename FlitType, typename Port>
void drive(Port& port, const FlitType& flit) {
  for (std::size_t i = 0; i < FlitType::kWords; ++i) port[i] = flit.words[i];
}

template <typename FlitType, typename Port>
FlitType sample(const Port& port) {
  FlitType flit;
  for (std::size_t i = 0; i < FlitType::kWords; ++i) flit.words[i] = port[i];
  return flit;
}

template <typename FlitType, typename Port>
bool equals(const Port& port, const FlitType& flit) {
  for (std::size_t i = 0; i < FlitType::kWords; ++i)
    if (port[i] != flit.words[i]) return false;
  return true;
}

// A flit of a packet with seeded contents; the header goes into the head flit's first two words.
template <typename FlitType>
FlitType make_flit(const Header& header, bool head, bool tail, std::uint64_t contents) {
  FlitType flit;
  Random fill(contents);
  for (std::size_t i = 0; i < FlitType::kPayloadWords; ++i) flit.words[i] = fill.word();
  if (head) {
    const auto encoded = encode(header);
    flit.words[0] = encoded[0];
    flit.words[1] = encoded[1];
  }
  flit.mark(head, tail);
  return flit;
}

// One rising edge with the inputs as they stand, then the falling edge.
template <typename Model>
void clock(Model& model) {
  model.clk_i = 1;
  model.eval();
  model.clk_i = 0;
  model.eval();
}

template <typename Model>
void reset(Model& model) {
  model.rst_ni = 1;
  model.clk_i = 0;
  model.eval();
  model.rst_ni = 0;
  clock(model);
  model.rst_ni = 1;
  model.eval();
}

// The k-th 32 bits of a port, however wide Verilator made it.
template <typename Port>
std::uint32_t word(const Port& port, std::uint32_t k) {
  if constexpr (std::is_integral_v<Port>) {
    return static_cast<std::uint32_t>(std::uint64_t{port} >> (32 * k));
  } else {
    return port[k];
  }
}
template <typename Port>
void set_word(Port& port, std::uint32_t k, std::uint32_t value) {
  if constexpr (std::is_integral_v<Port>) {
    const std::uint64_t mask = std::uint64_t{0xffffffff} << (32 * k);
    port = static_cast<Port>((std::uint64_t{port} & ~mask) | std::uint64_t{value} << (32 * k));
  } else {
    port[k] = value;
  }
}

// The one optional argument of every bench is its size (flits, pairs, messages).
inline std::uint64_t size_argument(int argc, char** argv, std::uint64_t standard) {
  return argc > 1 ? std::strtoull(argv[1], nullptr, 10) : standard;
}

}  // namespace tilewright::rtl
