# Runs run() on a tile; its result is in a0 at the halt.
  .section .text.start
  .globl _start
_start:
  lui sp, %hi(stack_top)
  addi sp, sp, %lo(stack_top)
  call run
  .insn i 0x7b, 0, x0, x0, 0        # s.halt 0
