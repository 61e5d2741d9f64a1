#include "mapping/curve.h"

#include <cstdlib>

namespace tilewright {
namespace {

struct Vec {
  std::int32_t x, y;
  std::int32_t length() const { return std::abs(x + y); }  // vectors here lie on an axis
  Vec unit() const { return {(x > 0) - (x < 0), (y > 0) - (y < 0)}; }
  // Halves round towards minus infinity, so that a part and its rest add up on either side of zero.
  Vec half() const { return {x >> 1, y >> 1}; }
};
Vec operator+(Vec a, Vec b) {
  return {a.x + b.x, a.y + b.y};
}
Vec operator-(Vec a, Vec b) {
  return {a.x - b.x, a.y - b.y};
}
Vec operator-(Vec a) {
  return {-a.x, -a.y};
}

struct Walk {
  MeshPoint* next;

  void line(Vec at, Vec step, std::int32_t count) {
    for (std::int32_t i = 0; i < count; ++i, at = at + step)
      *next++ = {static_cast<std::int16_t>(at.x), static_cast<std::int16_t>(at.y)};
  }

  // Fills the rectangle at `at` spanned by `a` (the way from entry to exit) and `b`.
  void fill(Vec at, Vec a, Vec b) {
    const std::int32_t width = a.length(), height = b.length();
    if (height == 1) return line(at, a.unit(), width);
    if (width == 1) return line(at, b.unit(), height);
    Vec a2 = a.half(), b2 = b.half();
    if (2 * width > 3 * height) {  // long: two parts side by side, the first of even length
      if (a2.length() % 2 != 0 && width > 2) a2 = a2 + a.unit();
      fill(at, a2, b);
      fill(at + a2, a - a2, b);
      return;
    }
    // Up, across, down: Hilbert's three strokes.
    if (b2.length() % 2 != 0 && height > 2) b2 = b2 + b.unit();
    fill(at, b2, a2);
    fill(at + b2, a, b - b2);
    fill(at + (a - a.unit()) + (b2 - b.unit()), -b2, -(a - a2));
  }
};

}  // namespace

void mesh_curve(std::int32_t w, std::int32_t h, std::vector<MeshPoint>& out) {
  out.resize(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
  Walk walk{out.data()};
  if (w >= h) {
    walk.fill({0, 0}, {w, 0}, {0, h});
  } else {
    walk.fill({0, 0}, {0, h}, {w, 0});
  }
}

}  // namespace tilewright
