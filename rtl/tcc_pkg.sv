// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Constants of the tile that more than one module must agree on: the command set of the sequencer,
// the fixed-point accumulator's format and the widths of shared fields. Always referred to as
// tcc_pkg::NAME (Yosys 0.23 reads no import). Opcodes are plain constants, not an enum: no cast
// satisfies both Verilator and Yosys.
//
// A command is CMD_W bits: operation [63:56], argument [55:0]. The table of argument fields is in
// rtl/README.md; the positions below are its only copy in RTL.
package tcc_pkg;

  // Command word.
  localparam int CMD_W = 64;
  localparam int OP_W = 8;
  localparam int ARG_W = CMD_W - OP_W;

  // Operations. OP_HALT is zero so that a blank instruction memory halts.
  localparam logic [OP_W-1:0] OP_HALT = 8'h00;
  localparam logic [OP_W-1:0] OP_WPTR = 8'h01;
  localparam logic [OP_W-1:0] OP_GEMV = 8'h02;
  localparam logic [OP_W-1:0] OP_ADDF = 8'h03;
  localparam logic [OP_W-1:0] OP_RD   = 8'h04;
  localparam logic [OP_W-1:0] OP_MOVE = 8'h05;
  localparam logic [OP_W-1:0] OP_SEND = 8'h06;
  localparam logic [OP_W-1:0] OP_RECV = 8'h07;
  localparam logic [OP_W-1:0] OP_RADD = 8'h08;
  localparam logic [OP_W-1:0] OP_WAIT = 8'h09;

  // Argument fields of the tensor operations (WPTR, GEMV, ADDF, RD, MOVE).
  localparam int ROW_W = 16;         // DMEM row address, and number of rows
  localparam int ARG_ROW_LSB = 0;    // GEMV x, ADDF source, RD destination, MOVE source
  localparam int ARG_COUNT_LSB = 16; // GEMV k, MOVE rows
  localparam int ARG_BANK = 32;      // GEMV, ADDF, RD: accumulator bank
  localparam int ARG_CLR = 33;       // GEMV, ADDF: start from zero
  localparam int ARG_FP32 = 34;      // RD: write fp32 (two rows) instead of fp16 (one row)
  localparam int ARG_RELU = 35;      // RD: negative results become +0
  localparam int ARG_DST_LSB = 36;   // MOVE destination row
  localparam int WPTR_W = 24;        // WMEM row address
  localparam int ARG_WPTR_LSB = 0;   // WPTR base
  localparam int STRIDE_W = 16;      // WPTR stride, signed, rows
  localparam int ARG_STRIDE_LSB = 32;
  localparam int MAX_ROWS = 32768;   // largest k: what the guard bits hold

  // Argument fields of the network operations (SEND, RECV, RADD); widths as in tcc_noc_pkg.
  localparam int WORD_W = 17;        // DMEM address in 32-bit words: 512 KiB
  localparam int ARG_WORD_LSB = 0;
  localparam int ARG_LEN_LSB = 17;   // 32-bit words; 0 is a pure synchronisation
  localparam int ARG_CH_LSB = 33;
  localparam int ARG_PEER_X_LSB = 41;
  localparam int ARG_PEER_Y_LSB = 47;

  // Argument fields of WAIT (what must be idle) and HALT.
  localparam int ARG_WAIT_TENSOR = 0;
  localparam int ARG_WAIT_SEND = 1;
  localparam int ARG_WAIT_RECV = 2;
  localparam int HALT_CODE_W = 8;    // argument bits [7:0]; not zero raises error_o

  // Exact accumulator: two's complement, least significant bit 2^-48 (the square of fp16's smallest
  // subnormal). 80 bits for one product, a sign, 15 guard bits.
  localparam int ACC_W = 96;
  localparam int SIG_W = 24;  // significand of a term: fp32's 24 bits, or a 22-bit product
  localparam int SH_W = 7;    // its left shift
  localparam int ACC_FLAG_W = 3; // {nan, negative infinity, positive infinity}, sticky

  // A decoded fp16 operand: {nan, inf, sign, exponent - 1 (0..29), significand with hidden bit}.
  localparam int XD_W = 19;
  // An addend for the accumulator: {nan, inf, sign, left shift, significand}.
  localparam int ADDEND_W = 3 + SH_W + SIG_W;

  // One group of lanes shares a converter; it is served a lane a cycle.
  localparam int GROUP_LANES = 8;

endpackage
