# The ones in the bytes of eight words, added to the words, which rotate, ten times: long straight code
# in which eight chains depend on nothing beside them.
  li s0, 0x80000000
  li s1, 0x55555555
  li s2, 0x33333333
  li s3, 0x0f0f0f0f
  li s5, 10
  lw s7, 0(s0)
  lw s8, 4(s0)
  lw s9, 8(s0)
  lw s10, 12(s0)
  lw s11, 16(s0)
  lw gp, 20(s0)
  lw tp, 24(s0)
  lw ra, 28(s0)
again:
  srli t0, s7, 1
  srli t1, s8, 1
  srli t2, s9, 1
  srli t3, s10, 1
  srli t4, s11, 1
  srli t5, gp, 1
  srli t6, tp, 1
  srli s6, ra, 1
  and t0, t0, s1
  and t1, t1, s1
  and t2, t2, s1
  and t3, t3, s1
  and t4, t4, s1
  and t5, t5, s1
  and t6, t6, s1
  and s6, s6, s1
  sub a0, s7, t0
  sub a1, s8, t1
  sub a2, s9, t2
  sub a3, s10, t3
  sub a4, s11, t4
  sub a5, gp, t5
  sub a6, tp, t6
  sub a7, ra, s6
  srli t0, a0, 2
  srli t1, a1, 2
  srli t2, a2, 2
  srli t3, a3, 2
  srli t4, a4, 2
  srli t5, a5, 2
  srli t6, a6, 2
  srli s6, a7, 2
  and a0, a0, s2
  and a1, a1, s2
  and a2, a2, s2
  and a3, a3, s2
  and a4, a4, s2
  and a5, a5, s2
  and a6, a6, s2
  and a7, a7, s2
  and t0, t0, s2
  and t1, t1, s2
  and t2, t2, s2
  and t3, t3, s2
  and t4, t4, s2
  and t5, t5, s2
  and t6, t6, s2
  and s6, s6, s2
  add a0, a0, t0
  add a1, a1, t1
  add a2, a2, t2
  add a3, a3, t3
  add a4, a4, t4
  add a5, a5, t5
  add a6, a6, t6
  add a7, a7, s6
  srli t0, a0, 4
  srli t1, a1, 4
  srli t2, a2, 4
  srli t3, a3, 4
  srli t4, a4, 4
  srli t5, a5, 4
  srli t6, a6, 4
  srli s6, a7, 4
  add a0, a0, t0
  add a1, a1, t1
  add a2, a2, t2
  add a3, a3, t3
  add a4, a4, t4
  add a5, a5, t5
  add a6, a6, t6
  add a7, a7, s6
  and a0, a0, s3
  and a1, a1, s3
  and a2, a2, s3
  and a3, a3, s3
  and a4, a4, s3
  and a5, a5, s3
  and a6, a6, s3
  and a7, a7, s3
  slli t0, s7, 7
  slli t1, s8, 7
  slli t2, s9, 7
  slli t3, s10, 7
  slli t4, s11, 7
  slli t5, gp, 7
  slli t6, tp, 7
  slli s6, ra, 7
  srli s7, s7, 25
  srli s8, s8, 25
  srli s9, s9, 25
  srli s10, s10, 25
  srli s11, s11, 25
  srli gp, gp, 25
  srli tp, tp, 25
  srli ra, ra, 25
  or s7, s7, t0
  or s8, s8, t1
  or s9, s9, t2
  or s10, s10, t3
  or s11, s11, t4
  or gp, gp, t5
  or tp, tp, t6
  or ra, ra, s6
  add s7, s7, a0
  add s8, s8, a1
  add s9, s9, a2
  add s10, s10, a3
  add s11, s11, a4
  add gp, gp, a5
  add tp, tp, a6
  add ra, ra, a7
  addi s5, s5, -1
  bnez s5, again
  sw s7, 0(s0)
  sw s8, 4(s0)
  sw s9, 8(s0)
  sw s10, 12(s0)
  sw s11, 16(s0)
  sw gp, 20(s0)
  sw tp, 24(s0)
  sw ra, 28(s0)
  s.halt 0
