// Fourier transforms by their definition, and mel filters.
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "frontend/interpret/broadcast.h"
#include "frontend/interpret/kernels.h"
#include "frontend/interpret/rounding.h"

namespace tilewright::kernel {
namespace {

using Complex = std::complex<double>;
constexpr std::int64_t kLongest = 1 << 24;  // points of a transform

// `points` outputs of the transform of length `length` of x, which is cut or padded with zeros.
std::vector<Complex> transform(const std::vector<Complex>& x, std::int64_t length,
                               std::int64_t points, bool inverse) {
  std::vector<Complex> roots;
  for (std::int64_t k = 0; k < length; ++k) {
    const double angle = (inverse ? 2 : -2) * std::numbers::pi * static_cast<double>(k) /
                         static_cast<double>(length);
    roots.push_back(std::polar(1.0, angle));
  }
  std::vector<Complex> y(at(points));
  const std::int64_t given = std::min<std::int64_t>(length, static_cast<std::int64_t>(x.size()));
  for (std::int64_t k = 0; k < points; ++k) {
    Complex sum = 0;
    for (std::int64_t n = 0; n < given; ++n) sum += x[at(n)] * roots[at(k * n % length)];
    y[at(k)] = inverse ? sum / static_cast<double>(length) : sum;
  }
  return y;
}

}  // namespace

// input [..., 1 or 2], [dft_length], [axis]
void dft(NodeRun& op) {
  const std::int64_t given =
      op.has(2) ? op.int_or(2, -2) : op.attr_int("axis", op.opset() < 20 ? 1 : -2);
  const std::int64_t axis = op.axis(given, op.rank(0));
  const bool inverse = op.attr_int("inverse", 0) != 0;
  const std::int64_t parts = op.dim(0, -1), length = op.int_or(1, op.dim(0, axis));
  if (parts < 1 || parts > 2 || axis == op.rank(0) - 1 || length < 1 || length > kLongest) {
    op.mismatch("DFT");
  }
  Shape in(op.shape(0).begin(), op.shape(0).end() - 1),
      out(op.output(0).shape.begin(), op.output(0).shape.end() - 1);
  const AxisView from = view_axis(in, axis), to = view_axis(out, axis);
  const std::vector<double> x = op.reals(0);
  op.require_room(from.extent + length, sizeof(Complex));
  op.spend(static_cast<double>(from.outer * from.inner) *
           (static_cast<double>(length) +
            static_cast<double>(to.extent) * static_cast<double>(std::min(from.extent, length))));
  std::vector<double> y(at(product(op.output(0).shape)));
  for (std::int64_t o = 0; o < from.outer; ++o) {
    for (std::int64_t i = 0; i < from.inner; ++i) {
      std::vector<Complex> line;
      for (std::int64_t n = 0; n < from.extent; ++n) {
        const std::int64_t place = ((o * from.extent + n) * from.inner + i) * parts;
        line.emplace_back(x[at(place)], parts == 2 ? x[at(place + 1)] : 0);
      }
      const std::vector<Complex> result = transform(line, length, to.extent, inverse);
      for (std::int64_t k = 0; k < to.extent; ++k) {
        const std::int64_t place = ((o * to.extent + k) * to.inner + i) * 2;
        y[at(place)] = result[at(k)].real();
        y[at(place + 1)] = result[at(k)].imag();
      }
    }
  }
  store(y, op.out(0));
}

// signal [batch, length, 1 or 2], frame_step, [window], [frame_length] -> [batch, frames, bins, 2]
void stft(NodeRun& op) {
  const std::int64_t step = op.int_or(1, 1), batch = op.dim(0, 0), samples = op.dim(0, 1);
  const std::int64_t parts = op.rank(0) == 3 ? op.dim(0, 2) : 1;
  const std::vector<double> window = op.has(2) ? op.reals(2) : std::vector<double>{};
  const std::int64_t length = op.int_or(3, static_cast<std::int64_t>(window.size()));
  if (length > kLongest) op.mismatch("STFT");
  const std::int64_t frames = op.output(0).shape[1], bins = op.output(0).shape[2];
  op.spend(static_cast<double>(batch * frames) * static_cast<double>(length) *
           static_cast<double>(bins + 1));
  const std::vector<double> x = op.reals(0);
  std::vector<double> y;
  for (std::int64_t b = 0; b < batch; ++b) {
    for (std::int64_t f = 0; f < frames; ++f) {
      std::vector<Complex> line;
      for (std::int64_t n = 0; n < length; ++n) {
        const std::int64_t place = (b * samples + f * step + n) * parts;
        const double weight = window.empty() ? 1 : window.at(at(n));
        line.emplace_back(weight * x.at(at(place)), parts == 2 ? weight * x.at(at(place + 1)) : 0);
      }
      for (const Complex& bin : transform(line, length, bins, false))
        y.insert(y.end(), {bin.real(), bin.imag()});
    }
  }
  store(y, op.out(0));
}

// Triangles whose corners are evenly spaced in mel.
void mel_weight_matrix(NodeRun& op) {
  const std::int64_t bins = op.int_or(0, 0), length = op.int_or(1, 0), rate = op.int_or(2, 0);
  if (rate < 1 || bins < 0 || length < 0) op.mismatch("a mel matrix of these sizes");
  const auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  const double low = mel(op.real_or(3, 0)), high = mel(op.real_or(4, 0));
  std::vector<std::int64_t> corners;
  for (std::int64_t i = 0; i < bins + 2; ++i) {
    const double place =
        low + static_cast<double>(i) * (high - low) / static_cast<double>(bins + 2);
    const double hertz = 700 * (std::pow(10, place / 2595) - 1);
    const double corner =
        std::floor(static_cast<double>(length + 1) * hertz / static_cast<double>(rate));
    if (!(std::fabs(corner) < 1e9)) op.mismatch("a mel frequency out of range");
    corners.push_back(static_cast<std::int64_t>(corner));
  }
  const std::int64_t rows = op.output(0).shape[0];
  std::vector<double> y(at(rows * bins));
  const auto put = [&](std::int64_t row, std::int64_t bin, double value) {
    if (row >= 0 && row < rows) y[at(row * bins + bin)] = value;
  };
  for (std::int64_t i = 0; i < bins; ++i) {
    const std::int64_t from = corners[at(i)], centre = corners[at(i + 1)], to = corners[at(i + 2)];
    if (from == centre) put(centre, i, 1);
    const std::int64_t first = std::max<std::int64_t>(from, 0);
    for (std::int64_t j = first; j <= std::min(centre, rows - 1) && from != centre; ++j) {
      put(j, i, static_cast<double>(j - from) / static_cast<double>(centre - from));
    }
    for (std::int64_t j = std::max<std::int64_t>(centre, 0); j < std::min(to, rows); ++j) {
      put(j, i, static_cast<double>(to - j) / static_cast<double>(to - centre));
    }
  }
  store(y, op.out(0));
}

}  // namespace tilewright::kernel
