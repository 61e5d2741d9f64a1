# Four xorshift generators side by side: integer work that depends on nothing beside it.
  li s0, 0x80000000
  li s1, 40
  lw a0, 0(s0)
  lw a1, 4(s0)
  lw a2, 8(s0)
  lw a3, 12(s0)
again:
  slli t0, a0, 13
  slli t1, a1, 13
  slli t2, a2, 13
  slli t3, a3, 13
  xor a0, a0, t0
  xor a1, a1, t1
  xor a2, a2, t2
  xor a3, a3, t3
  srli t0, a0, 17
  srli t1, a1, 17
  srli t2, a2, 17
  srli t3, a3, 17
  xor a0, a0, t0
  xor a1, a1, t1
  xor a2, a2, t2
  xor a3, a3, t3
  slli t0, a0, 5
  slli t1, a1, 5
  slli t2, a2, 5
  slli t3, a3, 5
  xor a0, a0, t0
  xor a1, a1, t1
  xor a2, a2, t2
  xor a3, a3, t3
  addi s1, s1, -1
  bnez s1, again
  sw a0, 0(s0)
  sw a1, 4(s0)
  sw a2, 8(s0)
  sw a3, 12(s0)
  s.halt 0
