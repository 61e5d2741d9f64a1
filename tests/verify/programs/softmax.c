// A softmax of 64 numbers by the tile's units (VLEN 256: 16 lanes, rows of 32 bytes). Row 0 of WMEM
// is all ones. scores begins DMEM; the result is behind it.
#include "tcc.h"

enum { LANES = 16, ROWS = 4, COUNT = LANES * ROWS, ROW = 2 * LANES };
typedef unsigned short half;
__attribute__((aligned(ROW), used)) half scores[COUNT] = {1};
__attribute__((aligned(ROW))) half result[COUNT];
__attribute__((aligned(ROW))) static half total[LANES];

// The largest lane of v in all lanes.
#define SPREAD_MAX(v, scratch)     \
  tcc_v_swap(scratch, v, 0);       \
  tcc_v_max(v, v, scratch);        \
  tcc_v_swap(scratch, v, 1);       \
  tcc_v_max(v, v, scratch);        \
  tcc_v_swap(scratch, v, 2);       \
  tcc_v_max(v, v, scratch);        \
  tcc_v_swap(scratch, v, 3);       \
  tcc_v_max(v, v, scratch)

unsigned run(void) {
  const half log2_e = 0x3dc5;
  tcc_v_ld(0, scores, 0 * ROW);
  tcc_v_ld(1, scores, 1 * ROW);
  tcc_v_ld(2, scores, 2 * ROW);
  tcc_v_ld(3, scores, 3 * ROW);
  tcc_v_max(4, 0, 1);
  tcc_v_max(5, 2, 3);
  tcc_v_max(4, 4, 5);
  SPREAD_MAX(4, 5);
  tcc_v_splat(6, log2_e);
#define POWER(v)           \
  tcc_v_sub(v, v, 4);      \
  tcc_v_mul(v, v, 6);      \
  tcc_v_exp2(v, v);        \
  tcc_v_st(v, result, (v) * ROW)
  POWER(0);
  POWER(1);
  POWER(2);
  POWER(3);
  // The sum, exactly, in every lane: the powers times a matrix of ones.
  tcc_s_wait(TCC_VECTORS);
  tcc_t_wptr(0, 0);
  tcc_t_gemv(result, COUNT, TCC_CLR);
  tcc_t_rd(total, 0);
  tcc_s_wait(TCC_TENSOR);
  tcc_v_ld(7, total, 0);
  tcc_v_rcp(7, 7);
#define SCALE(v)      \
  tcc_v_mul(v, v, 7); \
  tcc_v_st(v, result, (v) * ROW)
  SCALE(0);
  SCALE(1);
  SCALE(2);
  SCALE(3);
  tcc_s_wait(TCC_VECTORS);
  return (unsigned)result;
}
