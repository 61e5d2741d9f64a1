# Steps of an iteration on twelve rows, y = (y - c) * s. After each step the core looks at a word of
# the last row.
  li s0, 0x80000000
  li s1, 12
  addi s2, s0, ROW
  v.ld v0, 0(s0)
  v.ld v1, 0(s2)
  li t0, 0x3c00
  v.splat v2, t0
  v.splat v4, t0
  v.splat v5, t0
  v.splat v6, t0
  v.splat v7, t0
  v.splat v8, t0
  v.splat v9, t0
  v.splat v10, t0
  v.splat v11, t0
  v.splat v12, t0
  v.splat v13, t0
  v.splat v14, t0
  v.splat v15, t0
again:
  v.sub v4, v4, v0
  v.sub v5, v5, v0
  v.sub v6, v6, v0
  v.sub v7, v7, v0
  v.sub v8, v8, v0
  v.sub v9, v9, v0
  v.sub v10, v10, v0
  v.sub v11, v11, v0
  v.sub v12, v12, v0
  v.sub v13, v13, v0
  v.sub v14, v14, v0
  v.sub v15, v15, v0
  v.mul v4, v4, v1
  v.mul v5, v5, v1
  v.mul v6, v6, v1
  v.mul v7, v7, v1
  v.mul v8, v8, v1
  v.mul v9, v9, v1
  v.mul v10, v10, v1
  v.mul v11, v11, v1
  v.mul v12, v12, v1
  v.mul v13, v13, v1
  v.mul v14, v14, v1
  v.mul v15, v15, v1
  v.st v15, 0(s0)
  s.wait vectors
  lw t1, 0(s0)
  addi s1, s1, -1
  bnez s1, again
  sw t1, 4(s0)
  s.halt 0
