# Walsh-Hadamard transforms across eight rows: in the three stages the two results of a butterfly lie
# four, two and one registers apart.
  li s0, 0x80000000
  li s1, 12
  li t0, 0x3c00
  v.splat v0, t0
  addi t0, t0, 77
  v.splat v1, t0
  addi t0, t0, 77
  v.splat v2, t0
  addi t0, t0, 77
  v.splat v3, t0
  addi t0, t0, 77
  v.splat v4, t0
  addi t0, t0, 77
  v.splat v5, t0
  addi t0, t0, 77
  v.splat v6, t0
  addi t0, t0, 77
  v.splat v7, t0
again:
  v.add v8, v0, v4
  v.sub v12, v0, v4
  v.add v9, v1, v5
  v.sub v13, v1, v5
  v.add v10, v2, v6
  v.sub v14, v2, v6
  v.add v11, v3, v7
  v.sub v15, v3, v7
  v.add v0, v8, v10
  v.sub v2, v8, v10
  v.add v1, v9, v11
  v.sub v3, v9, v11
  v.add v4, v12, v14
  v.sub v6, v12, v14
  v.add v5, v13, v15
  v.sub v7, v13, v15
  v.add v8, v0, v1
  v.sub v9, v0, v1
  v.add v10, v2, v3
  v.sub v11, v2, v3
  v.add v12, v4, v5
  v.sub v13, v4, v5
  v.add v14, v6, v7
  v.sub v15, v6, v7
  v.mul v0, v8, v8
  v.mul v1, v9, v9
  v.mul v2, v10, v10
  v.mul v3, v11, v11
  v.mul v4, v12, v12
  v.mul v5, v13, v13
  v.mul v6, v14, v14
  v.mul v7, v15, v15
  addi s1, s1, -1
  bnez s1, again
  v.st v0, 0(s0)
  addi s0, s0, ROW
  v.st v1, 0(s0)
  addi s0, s0, ROW
  v.st v7, 0(s0)
  s.wait vectors
  s.halt 0
