#include "agents/torch/fused_math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

// oneDNN's C interface (oneapi/dnnl/dnnl.h), which Debian packs apart from the library that
// LibTorch brings along.
extern "C" int dnnl_sgemm(char transa, char transb, std::int64_t m, std::int64_t n, std::int64_t k,
                          float alpha, const float* a, std::int64_t lda, const float* b,
                          std::int64_t ldb, float beta, float* c, std::int64_t ldc);

namespace tilewright::rl::fused {
namespace {

using Packet = Eigen::internal::packet_traits<float>::type;
constexpr Index kPacket = sizeof(Packet) / sizeof(float);

using Eigen::internal::padd;
using Eigen::internal::pdiv;
using Eigen::internal::ploadu;
using Eigen::internal::pmadd;
using Eigen::internal::pmul;
using Eigen::internal::pset1;
using Eigen::internal::pstoreu;
using Eigen::internal::psub;

// body(i) over all places, a packet at a time and one by one at the end.
template <typename Body>
void for_packets(Index n, const Body& body) {
  Index i = 0;
  for (; i + kPacket <= n; i += kPacket) body.template operator()<Packet>(i);
  for (; i < n; ++i) body.template operator()<float>(i);
}

// Four running sums: one would wait for itself. Never by address, so that the order is fixed.
template <typename Term>
float sum_packets(Index n, const Term& term) {
  Packet sums[4] = {pset1<Packet>(0), pset1<Packet>(0), pset1<Packet>(0), pset1<Packet>(0)};
  Index i = 0;
  for (; i + 4 * kPacket <= n; i += 4 * kPacket) {
    for (Index j = 0; j < 4; ++j) {
      sums[j] = padd(sums[j], term.template operator()<Packet>(i + j * kPacket));
    }
  }
  for (; i + kPacket <= n; i += kPacket) {
    sums[0] = padd(sums[0], term.template operator()<Packet>(i));
  }
  float total = Eigen::internal::predux(padd(padd(sums[0], sums[1]), padd(sums[2], sums[3])));
  for (; i < n; ++i) total += term.template operator()<float>(i);
  return total;
}

// 2^x for -126 <= x <= 0 to a rounding or two. Eigen's exp also serves arguments that never come
// here, and took half of a layer's time beside its product.
template <typename P>
P exp2_negative(const P& x) {
  constexpr float kRound = 12582912;  // 1.5 * 2^23: what is added to it is rounded to whole numbers
  const P shifted = padd(x, pset1<P>(kRound));
  const P r = psub(x, psub(shifted, pset1<P>(kRound)));  // within +-.5
  P y = pset1<P>(1.5403530e-4F);                         // ln^k 2 / k!
  for (const float c :
       {1.3333558e-3F, 9.6181291e-3F, 5.5504109e-2F, 0.24022651F, 0.69314718F, 1.0F}) {
    y = pmadd(y, r, pset1<P>(c));
  }
  // The whole number is added to the exponent.
  if constexpr (std::is_same_v<P, float>) {
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(y) +
                                (std::bit_cast<std::uint32_t>(shifted) << 23));
  } else {
    using Whole = typename Eigen::internal::unpacket_traits<P>::integer_packet;
    const Whole exponent =
        Eigen::internal::plogical_shift_left<23>(Eigen::internal::preinterpret<Whole>(shifted));
    return Eigen::internal::preinterpret<P>(
        Whole(padd(Eigen::internal::preinterpret<Whole>(y), exponent)));
  }
}

// Phi(x), the normal distribution, and e = exp(-x^2 / 2), of which its density is made. The tail is
// Abramowitz and Stegun 7.1.26, within 1e-7: one exponential serves GELU and its slope.
template <typename P>
struct Normal {
  P phi, e;
  explicit Normal(const P& x) {
    constexpr float kP = 0.3275911F * 0.70710678F, kHalfLog2E = 0.72134752F;
    const P one = pset1<P>(1.0F);
    const P size = Eigen::internal::pabs(x);
    e = exp2_negative<P>(
        Eigen::internal::pmax(pmul(pmul(x, x), pset1<P>(-kHalfLog2E)), pset1<P>(-126.0F)));
    const P t = pdiv(one, pmadd(size, pset1<P>(kP), one));
    P tail = pset1<P>(0.5F * 1.061405429F);
    for (const float a : {-1.453152027F, 1.421413741F, -0.284496736F, 0.254829592F}) {
      tail = pmadd(tail, t, pset1<P>(0.5F * a));
    }
    tail = pmul(pmul(tail, t), e);
    phi = Eigen::internal::pselect(Eigen::internal::pcmp_lt(x, pset1<P>(0.0F)), tail,
                                   psub(one, tail));
  }
};

template <typename P>
void store_gelu(const P& x, float* y, float* slope) {
  constexpr float kDensity = 0.39894228F;  // 1 / sqrt(2 pi)
  const Normal<P> normal(x);
  pstoreu(y, pmul(x, normal.phi));
  if (slope != nullptr) {
    pstoreu(slope, pmadd(pmul(x, normal.e), pset1<P>(kDensity), normal.phi));
  }
}

// Products of one row become normalised products, and the GELU of what gain and shift make of them.
void normalised_row(const Layer& layer, float* z, float* inverse, float* y, float* slope) {
  constexpr float kLeastVariance = 1e-5F;
  const Index n = layer.outputs;
  const float share = 1 / static_cast<float>(n);
  const float mean = share * sum_packets(n, [&]<typename P>(Index i) {
                       const P biased = padd(ploadu<P>(z + i), ploadu<P>(layer.bias + i));
                       pstoreu(z + i, biased);
                       return P(biased);
                     });
  const float variance = share * sum_packets(n, [&]<typename P>(Index i) {
                           const P off = psub(ploadu<P>(z + i), pset1<P>(mean));
                           return P(pmul(off, off));
                         });
  *inverse = 1 / std::sqrt(variance + kLeastVariance);
  for_packets(n, [&]<typename P>(Index i) {
    const P normal = pmul(psub(ploadu<P>(z + i), pset1<P>(mean)), pset1<P>(*inverse));
    pstoreu(z + i, normal);
    store_gelu<P>(pmadd(normal, ploadu<P>(layer.gain + i), ploadu<P>(layer.shift + i)), y + i,
                  slope == nullptr ? nullptr : slope + i);
  });
}

void plain_row(const Layer& layer, const float* z, float* y, float* slope) {
  for_packets(layer.outputs, [&]<typename P>(Index i) {
    store_gelu<P>(padd(ploadu<P>(z + i), ploadu<P>(layer.bias + i)), y + i,
                  slope == nullptr ? nullptr : slope + i);
  });
}

}  // namespace

// oneDNN is the fastest of three at the shapes of an update, on one thread of an EPYC 9004: 102-115
// GFLOP/s, Eigen (AVX2) 99-110, OpenBLAS 88-105 (kernel SkylakeX) or 95-110 (Haswell). It chooses
// its kernels by itself and is in the process already, by LibTorch.
double multiply(Index rows, Index columns, Index depth, const Factor& a, const Factor& b, float* c,
                Index stride) {
  if (rows == 0 || columns == 0 || depth == 0) return 0;
  dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', rows, columns, depth, 1, a.data,
             a.stride, b.data, b.stride, 0, c, stride);
  return 2.0 * static_cast<double>(rows) * static_cast<double>(columns) *
         static_cast<double>(depth);
}

void LayerState::resize(Index rows, Index outputs) {
  normal.resize(rows, outputs);
  output.resize(rows, outputs);
  slope.resize(rows, outputs);
  inverse.resize(rows);
}

double forward(const Layer& layer, const Factor& input, Index rows, bool slopes,
               LayerState& state) {
  const double flops =
      multiply(rows, layer.outputs, layer.inputs, input, {layer.weight, layer.inputs, true},
               state.normal.data(), layer.outputs);
  for (Index row = 0; row < rows; ++row) {
    const Index at = row * layer.outputs;
    float* z = state.normal.data() + at;
    float* slope = slopes ? state.slope.data() + at : nullptr;
    if (layer.gain != nullptr) {
      normalised_row(layer, z, &state.inverse[row], state.output.data() + at, slope);
    } else {
      plain_row(layer, z, state.output.data() + at, slope);
    }
  }
  return flops;
}

namespace {

// Back through layer norm, from the derivative by what gain and shift made of `normal`.
void normalised_back(const Layer& layer, const float* normal, float inverse, float* d,
                     const LayerGradient* gradient) {
  const Index n = layer.outputs;
  if (gradient != nullptr) {
    for_packets(n, [&]<typename P>(Index i) {
      const P own = ploadu<P>(d + i);
      pstoreu(gradient->shift + i, padd(ploadu<P>(gradient->shift + i), own));
      pstoreu(gradient->gain + i, pmadd(own, ploadu<P>(normal + i), ploadu<P>(gradient->gain + i)));
    });
  }
  const float share = 1 / static_cast<float>(n);
  const float mean = share * sum_packets(n, [&]<typename P>(Index i) {
                       const P own = pmul(ploadu<P>(d + i), ploadu<P>(layer.gain + i));
                       pstoreu(d + i, own);
                       return P(own);
                     });
  const float along = share * dot(d, normal, n);
  for_packets(n, [&]<typename P>(Index i) {
    const P off =
        psub(psub(ploadu<P>(d + i), pset1<P>(mean)), pmul(ploadu<P>(normal + i), pset1<P>(along)));
    pstoreu(d + i, pmul(off, pset1<P>(inverse)));
  });
}

}  // namespace

void backward_row(const Layer& layer, const LayerState& state, Index row, float* d,
                  const LayerGradient* gradient) {
  const Index n = layer.outputs;
  const float* slope = state.slope.data() + row * n;
  for_packets(n, [&]<typename P>(Index i) {
    pstoreu(d + i, pmul(ploadu<P>(d + i), ploadu<P>(slope + i)));
  });
  if (layer.gain != nullptr) {
    normalised_back(layer, state.normal.data() + row * n, state.inverse[row], d, gradient);
  }
  if (gradient != nullptr) add_scaled(1, d, n, gradient->bias);
}

double weight_gradient(const Layer& layer, const Rows& d, const Factor& input, Index rows,
                       const LayerGradient& gradient) {
  return multiply(layer.outputs, layer.inputs, rows, {d.data(), layer.outputs, true}, input,
                  gradient.weight, layer.inputs);
}

float dot(const float* a, const float* b, Index n) {
  return sum_packets(
      n, [&]<typename P>(Index i) { return P(pmul(ploadu<P>(a + i), ploadu<P>(b + i))); });
}

float sum(const float* a, Index n) {
  return sum_packets(n, [&]<typename P>(Index i) { return ploadu<P>(a + i); });
}

void add_scaled(float factor, const float* a, Index n, float* to) {
  for_packets(n, [&]<typename P>(Index i) {
    pstoreu(to + i, pmadd(ploadu<P>(a + i), pset1<P>(factor), ploadu<P>(to + i)));
  });
}

void scale(float factor, const float* a, Index n, float* to) {
  for_packets(
      n, [&]<typename P>(Index i) { pstoreu(to + i, pmul(ploadu<P>(a + i), pset1<P>(factor))); });
}

AdamStep::AdamStep(double learning_rate, std::int64_t step) {
  const auto corrected = [&](double beta) { return 1 - std::pow(beta, static_cast<double>(step)); };
  rate = static_cast<float>(learning_rate / corrected(kBeta1));
  root = static_cast<float>(1 / std::sqrt(corrected(kBeta2)));
}

void step(const AdamStep& adam, const AdamRange& r, float follow) {
  for_packets(r.size, [&]<typename P>(Index i) {
    const auto blend = [](double beta, const P& old, const P& fresh) {
      return pmadd(old, pset1<P>(static_cast<float>(beta)),
                   pmul(fresh, pset1<P>(static_cast<float>(1 - beta))));
    };
    const P g = padd(ploadu<P>(r.gradient + i), ploadu<P>(r.more_gradient + i));
    const P first = blend(AdamStep::kBeta1, ploadu<P>(r.first + i), g);
    const P second = blend(AdamStep::kBeta2, ploadu<P>(r.second + i), pmul(g, g));
    const P size =
        pmadd(Eigen::internal::psqrt(second), pset1<P>(adam.root), pset1<P>(AdamStep::kLeast));
    const P now = psub(ploadu<P>(r.parameter + i), pdiv(pmul(pset1<P>(adam.rate), first), size));
    pstoreu(r.first + i, first);
    pstoreu(r.second + i, second);
    pstoreu(r.parameter + i, now);
    if (r.target == nullptr) return;
    const P held = ploadu<P>(r.target + i);
    pstoreu(r.target + i, pmadd(psub(now, held), pset1<P>(follow), held));
  });
}

}  // namespace tilewright::rl::fused
