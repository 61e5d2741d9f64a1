// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The nearest fp16, ties to even, as the compiler's library has it. A NaN keeps some payload.
uint16_t half_from_double(double x);

#ifdef __cplusplus
}
#endif
