// The 30 design variables (surrogate.md section 2, paper Table 3) and the box they live in.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace tilewright {

// Index order of the action vector, of every CSV and of the gym protocol.
enum Action : std::size_t {
  kMeshW,
  kMeshH,
  kScX,
  kScY,  // mesh and super-cluster sides
  kFetch,
  kStanum,
  kVlen,
  kDmem,
  kWmem,
  kImem,
  kDflit,
  kXrWp,
  kVrWp,
  kXdpnum,
  kVdpnum,
  kClock,
  kPrecision,
  kKvCompaction,
  kDraft,
  kAIn,
  kAOut,
  kBalance,
  kLocality,  // memory and load partition
  kRhoMm,
  kRhoCv,
  kRhoGen,  // operator partition (Eq. 10-13)
  kStreamIn,
  kStreamOut,
  kSubMatmul,
  kAllReduce,
  kActionCount
};

using ActionVector = std::array<double, kActionCount>;

struct ActionInfo {
  std::string_view name;  // as in surrogate_reference.csv
  std::string_view unit;
  std::string_view meaning;
  bool log;      // the unit box maps it logarithmically
  bool integer;  // takes whole values (or a fixed grid) after projection
};

const ActionInfo& action_info(std::size_t index);
// kActionCount when no action has that name.
std::size_t action_index(std::string_view name);

// Inclusive bounds of the design variables.
struct DesignBox {
  ActionVector lo{}, hi{};
  bool operator==(const DesignBox&) const = default;
};

// Between a point of the box and the unit cube; linear, or logarithmic where `log`. A degenerate
// interval maps to 0; values outside the box map to its nearer face.
ActionVector to_unit(const ActionVector& value, const DesignBox& box);
ActionVector from_unit(const ActionVector& unit, const DesignBox& box);

// Proj_C (Eq. 68): the nearest point that can be built, decided here and nowhere else. Clips to the
// box; whole W, H, SC, STANUM, ports, draft length, IMEM KiB; PREC in {8, 16}; DFLIT a multiple of
// 64; DMEM a multiple of 16 KiB; SC <= mesh side; WMEM allocation >= 1; A_IN + A_OUT <= 0.9. FETCH
// and VLEN stay real: they are means over tiles. Idempotent. Non-finite input becomes the lower
// bound.
ActionVector project(const ActionVector& value, const DesignBox& box);

}  // namespace tilewright
