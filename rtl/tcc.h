/* Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
 *
 * Generated from arch/isa/isa.cpp by `isa_files`: edit the table.
 *
 * The tile's own instructions for C programs (riscv64-unknown-elf-gcc -march=rv32im). Addresses are
 * of DMEM; what a command reads or writes there is ordered by tcc_s_wait alone. `flags` must be
 * constant. docs/isa.md says what each does.
 */
#ifndef TCC_H
#define TCC_H

#include <stdint.h>

#define TCC_BANK1 0x1 /* accumulator bank 1, where none is named bank 0 */
#define TCC_BANK2 0x2 /* bank 2 */
#define TCC_BANK3 0x3 /* bank 3 */
#define TCC_CLR 0x4 /* t.gemv, t.add: the bank begins at zero */
#define TCC_BATCH2 0x8 /* t.gemv: two vectors x, one after the other, into banks from the named on */
#define TCC_BATCH3 0x10 /* three */
#define TCC_BATCH4 0x18 /* four */
#define TCC_BF16 0x20 /* t.gemv: elements are bfloat16, where none is named fp16 */
#define TCC_INT8 0x40 /* t.gemv: elements are pairs of int8 */
#define TCC_DMEM 0x80 /* t.gemv: the matrix is in DMEM */
#define TCC_TO_FP32 0x100 /* t.rd: two rows of fp32, where none is named one row of fp16 */
#define TCC_TO_INT32 0x200 /* t.rd: two rows of int32 */
#define TCC_TO_BF16 0x300 /* t.rd: one row of bfloat16 */
#define TCC_RELU 0x400 /* t.rd: zero for negative results */
#define TCC_TENSOR 0x1 /* s.wait: the tensor engine */
#define TCC_SENDS 0x2 /* s.wait: messages that go out */
#define TCC_RECEIVES 0x4 /* s.wait: messages that come in */
#define TCC_VECTORS 0x8 /* s.wait: the vector unit */
#define TCC_LEFT1 0x10 /* s.wait: of the messages that come in, one may be left */
#define TCC_LEFT2 0x20 /* two */
#define TCC_LEFT3 0x30 /* three */

/* Second operand of tcc_n_send, tcc_n_recv, tcc_n_radd. */
#define TCC_PEER(x, y, words) ((uint32_t)(words) | (uint32_t)(x) << 16 | (uint32_t)(y) << 22)

static inline void tcc_t_wptr(uint32_t a, uint32_t b) {
  __asm__ volatile(".insn s 0x0b, 0, %1, 0(%0)" ::"r"(a), "r"(b) : "memory");
}

#define tcc_t_gemv(address, b, flags) \
  __asm__ volatile(".insn s 0x0b, 1, %1, %2(%0)" ::"r"(address), "r"(b), "i"(flags) : \
                   "memory")

#define tcc_t_add(address, flags) \
  __asm__ volatile(".insn s 0x0b, 2, x0, %1(%0)" ::"r"(address), "i"(flags) : "memory")

#define tcc_t_rd(address, flags) \
  __asm__ volatile(".insn s 0x0b, 3, x0, %1(%0)" ::"r"(address), "i"(flags) : "memory")

#define tcc_v_add(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 0, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_sub(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 1, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_mul(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 2, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_fma(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 3, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_max(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 4, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_min(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 5, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_lt(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 6, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_sel(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 7, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_mv(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 0, 8, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_to_bf16(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 0, 9, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_from_bf16(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 0, 10, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_to_int8(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 0, 11, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_from_int8(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 0, 12, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_pack(vd, vs1, vs2) \
  __asm__ volatile(".insn r 0x2b, 0, 13, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(vs2))

#define tcc_v_exp2(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 1, 0, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_rcp(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 1, 1, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_rsqrt(vd, vs1) \
  __asm__ volatile(".insn r 0x2b, 1, 2, x%0, x%1, x0" ::"i"(vd), "i"(vs1))

#define tcc_v_ld(vd, from, imm) \
  __asm__ volatile(".insn i 0x2b, 2, x%0, %1, %2" ::"i"(vd), "r"(from), "i"(imm) : "memory")

#define tcc_v_st(vs2, to, imm) \
  __asm__ volatile(".insn s 0x2b, 3, x%0, %2(%1)" ::"i"(vs2), "r"(to), "i"(imm) : "memory")

#define tcc_v_ldw(vd, from, imm) \
  __asm__ volatile(".insn i 0x2b, 4, x%0, %1, %2" ::"i"(vd), "r"(from), "i"(imm) : "memory")

#define tcc_v_splat(vd, value) \
  __asm__ volatile(".insn r 0x2b, 5, 0, x%0, %1, x0" ::"i"(vd), "r"(value))

#define tcc_v_swap(vd, vs1, n) \
  __asm__ volatile(".insn r 0x2b, 6, 0, x%0, x%1, x%2" ::"i"(vd), "i"(vs1), "i"(n))

#define tcc_n_send(address, b, flags) \
  __asm__ volatile(".insn s 0x5b, 0, %1, %2(%0)" ::"r"(address), "r"(b), "i"(flags) : \
                   "memory")

#define tcc_n_recv(address, b, flags) \
  __asm__ volatile(".insn s 0x5b, 1, %1, %2(%0)" ::"r"(address), "r"(b), "i"(flags) : \
                   "memory")

#define tcc_n_radd(address, b, flags) \
  __asm__ volatile(".insn s 0x5b, 2, %1, %2(%0)" ::"r"(address), "r"(b), "i"(flags) : \
                   "memory")

static inline uint32_t tcc_n_id(void) {
  uint32_t value;
  __asm__ volatile(".insn i 0x5b, 3, %0, x0, 0" : "=r"(value));
  return value;
}

#define tcc_s_halt(imm) \
  __asm__ volatile(".insn i 0x7b, 0, x0, x0, %0" ::"i"(imm) : "memory")

static inline uint32_t tcc_s_cycle(void) {
  uint32_t value;
  __asm__ volatile(".insn i 0x7b, 1, %0, x0, 0" : "=r"(value));
  return value;
}

#define tcc_s_wait(imm) \
  __asm__ volatile(".insn i 0x7b, 2, x0, x0, %0" ::"i"(imm) : "memory")


#endif
