# A matrix-vector product, 256 outputs of 128 inputs: a block of outputs is as many as there are lanes.
  li s0, 0x80000000
  li s1, 0x80001000
  li s2, BLOCKS
  li s3, 128
  li t0, 0
  li t1, 1
  t.wptr t0, t1
again:
  t.gemv s0, s3, clr
  t.rd s1, relu
  addi s1, s1, ROW
  addi s2, s2, -1
  bnez s2, again
  s.wait tensor
  s.halt 0
