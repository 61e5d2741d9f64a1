// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// RISC-V's half-precision instructions over operands from a pipe: triples of fp16 in, for each a
// record of results out. The assembler of GCC 12 does not know the extension, so the instructions
// stand as numbers.
typedef unsigned short Half;
typedef unsigned long Word;

enum { kRead = 63, kWrite = 64, kExit = 93, kBatch = 4096 };

struct Operands {
  Half a, b, c;
};
struct Results {
  Half add, sub, mul, fma, min, max, less, integer;
  unsigned single;
  Half back;  // of the 32 bits of a and b as binary32
  Half pad;
};

static long call(long number, long a0, long a1, long a2) {
  register long x0 __asm__("a0") = a0;
  register long x1 __asm__("a1") = a1;
  register long x2 __asm__("a2") = a2;
  register long x7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x7) : "memory");
  return x0;
}

static float to_register(Half bits) {  // fmv.h.x
  float value;
  __asm__(".insn r 0x53, 0, 0x7A, %0, %1, x0" : "=f"(value) : "r"((Word)bits));
  return value;
}

static Half from_register(float value) {  // fmv.x.h
  Word bits;
  __asm__(".insn r 0x53, 0, 0x72, %0, %1, x0" : "=r"(bits) : "f"(value));
  return (Half)bits;
}

#define FLOAT_OP(name, rounding, function7)                           \
  static Half name(float a, float b) {                                \
    float value;                                                      \
    __asm__(".insn r 0x53, " #rounding ", " #function7 ", %0, %1, %2" \
            : "=f"(value)                                             \
            : "f"(a), "f"(b));                                        \
    return from_register(value);                                      \
  }
FLOAT_OP(add, 0, 0x02)
FLOAT_OP(subtract, 0, 0x06)
FLOAT_OP(multiply, 0, 0x0A)
FLOAT_OP(minimum, 0, 0x16)
FLOAT_OP(maximum, 1, 0x16)

static struct Results compute(struct Operands operands) {
  struct Results r = {0};
  const float a = to_register(operands.a), b = to_register(operands.b), c = to_register(operands.c);
  float f;
  Word x;
  r.add = add(a, b);
  r.sub = subtract(a, b);
  r.mul = multiply(a, b);
  r.min = minimum(a, b);
  r.max = maximum(a, b);
  __asm__(".insn r4 0x43, 0, 2, %0, %1, %2, %3" : "=f"(f) : "f"(a), "f"(b), "f"(c));  // fmadd.h
  r.fma = from_register(f);
  __asm__(".insn r 0x53, 1, 0x52, %0, %1, %2" : "=r"(x) : "f"(a), "f"(b));  // flt.h
  r.less = x ? 0xFFFF : 0;
  __asm__(".insn r 0x53, 0, 0x62, %0, %1, x0" : "=r"(x) : "f"(a));  // fcvt.w.h
  r.integer = (Half)((long)x > 127 ? 127 : (long)x < -128 ? -128 : (long)x);
  __asm__(".insn r 0x53, 0, 0x20, %0, %1, x2" : "=f"(f) : "f"(a));  // fcvt.s.h
  __asm__("fmv.x.w %0, %1" : "=r"(x) : "f"(f));
  r.single = (unsigned)x;
  __asm__("fmv.w.x %0, %1" : "=f"(f) : "r"((Word)operands.a << 16 | operands.b));
  __asm__(".insn r 0x53, 0, 0x22, %0, %1, x0" : "=f"(f) : "f"(f));  // fcvt.h.s
  r.back = from_register(f);
  return r;
}

static struct Operands in[kBatch];
static struct Results out[kBatch];

void _start(void) {
  for (;;) {
    long have = 0;
    for (long got = 1; got > 0 && have < (long)sizeof in; have += got)
      got = call(kRead, 0, (long)in + have, (long)sizeof in - have);
    const long count = have / (long)sizeof in[0];
    if (count == 0) call(kExit, 0, 0, 0);
    for (long i = 0; i < count; ++i) out[i] = compute(in[i]);
    const long bytes = count * (long)sizeof out[0];
    for (long done = 0; done < bytes;) done += call(kWrite, 1, (long)out + done, bytes - done);
  }
}
