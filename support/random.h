// Random streams. Every draw in the project comes from a stream with a name and a seed, so that
// adding a draw in one place never moves another place's numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tilewright {

// xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64 of the seed and the name.
// The distributions are our own few lines because the standard's differ between libraries.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  std::uint64_t bits();
  double uniform();                          // [0, 1), 53 bits
  double uniform(double lo, double hi);      // [lo, hi)
  std::uint64_t below(std::uint64_t bound);  // 0 .. bound - 1, unbiased; bound > 0
  double normal();                           // N(0, 1), polar method

  // UniformRandomBitGenerator, for std::shuffle-like uses of our own.
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~0ULL; }
  result_type operator()() { return bits(); }

  // The whole state as text, for checkpoints; restore() throws Error TW-RAND-001 on anything else.
  std::string save() const;
  void restore(const std::string& text);

 private:
  std::uint64_t state_[4] = {};
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace tilewright
