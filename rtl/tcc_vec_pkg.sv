// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What the modules of the vector unit share. Always referred to as tcc_vec_pkg::NAME.
package tcc_vec_pkg;

  // Registers, of VLEN bits.
  localparam int VREGS = 16;
  localparam int VREG_W = 4;

  // funct3 of the instructions; funct7 is VOP_* of the first group, SFU_* of the second.
  localparam logic [2:0] VG_LANES = 3'd0;
  localparam logic [2:0] VG_SFU   = 3'd1;
  localparam logic [2:0] VG_LD    = 3'd2;
  localparam logic [2:0] VG_ST    = 3'd3;
  localparam logic [2:0] VG_LDW   = 3'd4;
  localparam logic [2:0] VG_SPLAT = 3'd5;
  localparam logic [2:0] VG_SWAP  = 3'd6;

  // Cycles from operands to result of every arithmetic unit of the vector unit.
  localparam int VLANE_LATENCY = 3;

  localparam logic [15:0] FP16_NAN      = 16'h7E00;  // the only NaN a unit produces
  localparam logic [15:0] BF16_NAN      = 16'h7FC0;
  localparam logic [15:0] FP16_INF      = 16'h7C00;
  localparam logic [15:0] FP16_ONE      = 16'h3C00;
  localparam logic [15:0] FP16_NEG_ZERO = 16'h8000;

  // tcc_vlane
  localparam int VOP_W = 4;
  localparam logic [VOP_W-1:0] VOP_ADD      = 4'd0;   // a + b
  localparam logic [VOP_W-1:0] VOP_SUB      = 4'd1;   // a - b
  localparam logic [VOP_W-1:0] VOP_MUL      = 4'd2;   // a * b
  localparam logic [VOP_W-1:0] VOP_FMA      = 4'd3;   // a * b + c, rounded once
  localparam logic [VOP_W-1:0] VOP_MAX      = 4'd4;   // a number wins over a NaN; +0 over -0
  localparam logic [VOP_W-1:0] VOP_MIN      = 4'd5;   // a number wins over a NaN; -0 over +0
  localparam logic [VOP_W-1:0] VOP_LT       = 4'd6;   // a < b ? 0xFFFF : 0; with a NaN 0
  localparam logic [VOP_W-1:0] VOP_SEL      = 4'd7;   // c[15] ? a : b
  localparam logic [VOP_W-1:0] VOP_MOV      = 4'd8;   // a
  localparam logic [VOP_W-1:0] VOP_F16_BF16 = 4'd9;   // fp16 a to bf16
  localparam logic [VOP_W-1:0] VOP_BF16_F16 = 4'd10;  // bf16 a to fp16
  localparam logic [VOP_W-1:0] VOP_F16_I8   = 4'd11;  // fp16 a to int8, sign-extended to 16 bits
  localparam logic [VOP_W-1:0] VOP_I8_F16   = 4'd12;  // a[7:0] to fp16
  localparam logic [VOP_W-1:0] VOP_PACK     = 4'd13;  // {b[7:0], a[7:0]}

  // tcc_fp_cvt: formats
  localparam int FMT_W = 2;
  localparam logic [FMT_W-1:0] FMT_F16  = 2'd0;
  localparam logic [FMT_W-1:0] FMT_BF16 = 2'd1;
  localparam logic [FMT_W-1:0] FMT_F32  = 2'd2;
  localparam logic [FMT_W-1:0] FMT_I8   = 2'd3;

  // tcc_fp16_sfu
  localparam int SFU_W = 2;
  localparam logic [SFU_W-1:0] SFU_EXP2  = 2'd0;
  localparam logic [SFU_W-1:0] SFU_RCP   = 2'd1;
  localparam logic [SFU_W-1:0] SFU_RSQRT = 2'd2;

endpackage
