# The mean of every sixteen words, in whole numbers, and their exclusive or beside the division: what
# follows a long instruction and does not need it.
  li s0, 0x80000000
  li s1, 0x80000400
  li s2, 17
again:
  lw t0, 0(s0)
  lw t1, 4(s0)
  lw t2, 8(s0)
  lw t3, 12(s0)
  add a0, t0, t1
  divu a0, a0, s2
  xor a1, t0, t1
  xor a2, t2, t3
  slli a3, a1, 3
  srli a4, a2, 3
  add a5, a1, a2
  xor a6, a3, a4
  sub a7, a5, a6
  xor t4, a7, a1
  slli t5, t4, 7
  add t6, t5, a7
  srli s3, t6, 9
  xor s4, s3, t6
  add s5, s4, t5
  slli s6, s5, 2
  xor s7, s6, s4
  add s8, s7, s5
  sw a0, 0(s0)
  sw s8, 4(s0)
  addi s0, s0, 16
  bne s0, s1, again
  s.halt 0
