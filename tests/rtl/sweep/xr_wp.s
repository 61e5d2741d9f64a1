# A hash of four streams of words: each is rotated and the next word added. Loads and sums that end
# in the same cycles.
  li s0, 0x80000000
  li s1, 0x80000400
  li a0, 1
  li a1, 2
  li a2, 3
  li a3, 4
again:
  lw t0, 0(s0)
  slli t4, a0, 5
  srli a0, a0, 27
  slli t5, a1, 5
  lw t1, 4(s0)
  srli a1, a1, 27
  or a0, a0, t4
  or a1, a1, t5
  lw t2, 8(s0)
  slli t4, a2, 5
  srli a2, a2, 27
  slli t5, a3, 5
  lw t3, 12(s0)
  srli a3, a3, 27
  or a2, a2, t4
  or a3, a3, t5
  add a0, a0, t0
  add a1, a1, t1
  add a2, a2, t2
  add a3, a3, t3
  addi s0, s0, 16
  bne s0, s1, again
  sw a0, 0(s0)
  sw a1, 4(s0)
  sw a2, 8(s0)
  sw a3, 12(s0)
  s.halt 0
