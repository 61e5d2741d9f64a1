// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Constants of the tensor engine: its commands and the fixed-point accumulator's format. Always
// referred to as tcc_pkg::NAME (Yosys 0.23 reads no import). Operations are plain constants, not an
// enum: no cast satisfies both Verilator and Yosys.
//
// A command is an operation and ARG_W bits of arguments; rtl/README.md says what they mean.
package tcc_pkg;

  // Operations: funct3 of the instructions.
  localparam int OP_W = 2;
  localparam logic [OP_W-1:0] OP_WPTR = 2'd0;
  localparam logic [OP_W-1:0] OP_GEMV = 2'd1;
  localparam logic [OP_W-1:0] OP_ADDF = 2'd2;
  localparam logic [OP_W-1:0] OP_RD   = 2'd3;

  // Flags of the instructions: their bits among FLAGS_W.
  localparam int FLAGS_W = 12;
  localparam int FLAG_BANK_LSB = 0;    // GEMV, ADDF, RD: (first) accumulator bank
  localparam int FLAG_CLR = 2;         // GEMV, ADDF: start from zero
  localparam int FLAG_BATCH_LSB = 3;   // GEMV: vectors - 1
  localparam int FLAG_TYPE_LSB = 5;    // GEMV: TYPE_* of x and matrix
  localparam int FLAG_DMEM = 7;        // GEMV: the matrix lies in DMEM
  localparam int FLAG_FORMAT_LSB = 8;  // RD: FORMAT_*
  localparam int FLAG_RELU = 10;       // RD: negative results become +0
  localparam int FLAG_WAIT_TENSOR = 0; // s.wait: what must be idle
  localparam int FLAG_WAIT_SEND = 1;
  localparam int FLAG_WAIT_RECV = 2;
  localparam int FLAG_WAIT_VECTOR = 3;
  localparam int FLAG_WAIT_LEFT_LSB = 4;  // [5:4] receives that may be left

  // Argument fields: GEMV, ADDF, RD.
  localparam int ROW_W = 16;           // DMEM row address, and number of rows
  localparam int ARG_ROW_LSB = 0;      // GEMV x, ADDF source, RD destination
  localparam int ARG_COUNT_LSB = 16;   // GEMV k
  localparam int ARG_FLAGS_LSB = 32;
  localparam int ARG_BANK_LSB = ARG_FLAGS_LSB + FLAG_BANK_LSB;
  localparam int ARG_CLR = ARG_FLAGS_LSB + FLAG_CLR;
  localparam int ARG_BATCH_LSB = ARG_FLAGS_LSB + FLAG_BATCH_LSB;
  localparam int ARG_TYPE_LSB = ARG_FLAGS_LSB + FLAG_TYPE_LSB;
  localparam int ARG_DMEM = ARG_FLAGS_LSB + FLAG_DMEM;
  localparam int ARG_FORMAT_LSB = ARG_FLAGS_LSB + FLAG_FORMAT_LSB;
  localparam int ARG_RELU = ARG_FLAGS_LSB + FLAG_RELU;
  // WPTR
  localparam int WPTR_W = 24;          // row of WMEM, or of DMEM
  localparam int ARG_WPTR_LSB = 0;
  localparam int STRIDE_W = 16;        // signed, rows
  localparam int ARG_STRIDE_LSB = 32;
  localparam int ARG_W = ARG_STRIDE_LSB + STRIDE_W;
  localparam int MAX_ROWS = 32768;     // largest k: what the guard bits hold

  // Accumulator banks of a lane, one for each vector of the largest batch.
  localparam int BANKS = 4;
  localparam int BANK_W = 2;

  // Types of a 16-bit operand: one fp16, one bf16, or two int8 of which the low one comes first.
  localparam int TYPE_W = 2;
  localparam logic [TYPE_W-1:0] TYPE_BF16 = 2'd1;
  localparam logic [TYPE_W-1:0] TYPE_INT8 = 2'd2;
  localparam logic [TYPE_W-1:0] TYPE_NONE = 2'd3;  // illegal; 0 is fp16

  // Formats of a read-out. fp16 and bf16 fill one row, fp32 and int32 two.
  localparam int FORMAT_W = 2;
  localparam logic [FORMAT_W-1:0] FORMAT_FP16 = 2'd0;
  localparam logic [FORMAT_W-1:0] FORMAT_FP32 = 2'd1;
  localparam logic [FORMAT_W-1:0] FORMAT_INT32 = 2'd2;
  localparam logic [FORMAT_W-1:0] FORMAT_BF16 = 2'd3;

  // Exact accumulator: two's complement, least significant bit 2^-48 (the square of fp16's smallest
  // subnormal). 80 bits for one product, a sign, 15 guard bits.
  localparam int ACC_W = 96;
  localparam int SIG_W = 24;  // significand of a term: fp32's 24 bits, or a 22-bit product
  localparam int SH_W = 7;    // its left shift
  localparam int ACC_FLAG_W = 3; // {nan, negative infinity, positive infinity}, sticky
  localparam int INT_LSB = 48;   // weight 1

  // A decoded activation (tcc_tensor_xdec): {sign of the second int8, nan, inf, sign, exponent,
  // significand}.
  localparam int X_EXP_W = 9;   // signed
  localparam int X_SIG_W = 11;  // with hidden bit
  localparam int XD_W = 4 + X_EXP_W + X_SIG_W;
  // An addend for the accumulator: {nan, inf, sign, left shift, significand}.
  localparam int ADDEND_W = 3 + SH_W + SIG_W;

  // One group of lanes shares a converter; it is served a lane a cycle.
  localparam int GROUP_LANES = 8;

endpackage
