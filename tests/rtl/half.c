// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
#include "half.h"

// In C, because C++ has no such type before C++23. The compiler's own conversion: one rounding.
__extension__ typedef _Float16 Half;

uint16_t half_from_double(double x) {
  union {
    Half half;
    uint16_t bits;
  } value;
  value.half = (Half)x;
  return value.bits;
}
