# Tile (0, 0) sends 256 words to tile (1, 0), which adds them to its own and sends the sums back.
  li s0, 0x80000000
  li s1, 0x80001000
  li a0, 0x10100         # 256 words, tile (1, 0)
  li a1, 0x100           # 256 words, tile (0, 0)
  n.id t0
  bnez t0, other
  n.send s0, a0, 1
  n.recv s1, a0, 2
  s.wait sends+receives
  s.halt 0
other:
  n.radd s0, a1, 1
  s.wait receives
  n.send s0, a1, 2
  s.wait sends
  s.halt 0
