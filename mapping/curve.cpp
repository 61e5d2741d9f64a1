#include "mapping/curve.h"

#include <algorithm>
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

// Even places of a line outwards, odd ones back.
void folded_line(std::int32_t length, bool along_x, std::vector<MeshPoint>& out) {
  const auto add = [&](std::int32_t i) {
    const auto at = static_cast<std::int16_t>(i);
    out.push_back(along_x ? MeshPoint{at, 0} : MeshPoint{0, at});
  };
  for (std::int32_t i = 0; i < length; i += 2) add(i);
  for (std::int32_t i = length - 1 - length % 2; i > 0; i -= 2) add(i);
}

}  // namespace

void ring_curve(std::int32_t w, std::int32_t h, std::vector<MeshPoint>& out) {
  out.clear();
  if (w == 1 || h == 1) return folded_line(std::max(w, h), w > 1, out);
  const bool turned = h % 2 != 0 && w % 2 == 0;  // rows in pairs need an even number of them
  const std::int32_t columns = turned ? h : w, rows = turned ? w : h;
  const auto add = [&](std::int32_t x, std::int32_t y) {
    const auto a = static_cast<std::int16_t>(x), b = static_cast<std::int16_t>(y);
    out.push_back(turned ? MeshPoint{b, a} : MeshPoint{a, b});
  };
  const std::int32_t whole = rows - (rows % 2 != 0 ? 2 : 0);
  add(0, 0);
  for (std::int32_t y = 0; y < whole; ++y) {
    for (std::int32_t i = 1; i < columns; ++i) add(y % 2 == 0 ? i : columns - i, y);
  }
  for (std::int32_t i = 1; whole < rows && i < columns; ++i) {  // the last two rows by columns
    for (std::int32_t j = 0; j < 2; ++j) add(columns - i, i % 2 != 0 ? whole + j : rows - 1 - j);
  }
  for (std::int32_t y = rows - 1; y > 0; --y) add(0, y);
}

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
