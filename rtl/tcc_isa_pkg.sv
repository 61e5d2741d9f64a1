// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Generated from arch/isa/isa.cpp by `isa_files`: edit the table.
//
// Opcodes, and which flags a command may have. Always referred to as tcc_isa_pkg::NAME.
package tcc_isa_pkg;

  localparam logic [6:0] OPCODE_LUI      = 7'h37;
  localparam logic [6:0] OPCODE_AUIPC    = 7'h17;
  localparam logic [6:0] OPCODE_JAL      = 7'h6f;
  localparam logic [6:0] OPCODE_JALR     = 7'h67;
  localparam logic [6:0] OPCODE_BRANCH   = 7'h63;
  localparam logic [6:0] OPCODE_LOAD     = 7'h03;
  localparam logic [6:0] OPCODE_STORE    = 7'h23;
  localparam logic [6:0] OPCODE_OP_IMM   = 7'h13;
  localparam logic [6:0] OPCODE_OP       = 7'h33;
  localparam logic [6:0] OPCODE_CUSTOM_0 = 7'h0b;
  localparam logic [6:0] OPCODE_CUSTOM_1 = 7'h2b;
  localparam logic [6:0] OPCODE_CUSTOM_2 = 7'h5b;
  localparam logic [6:0] OPCODE_CUSTOM_3 = 7'h7b;

  // Flags that mean something to a command; the others must be 0.
  localparam logic [11:0] FLAGS_T_GEMV = 12'h0ff;
  localparam logic [11:0] FLAGS_T_ADD  = 12'h007;
  localparam logic [11:0] FLAGS_T_RD   = 12'h703;
  localparam logic [11:0] FLAGS_N_SEND = 12'h0ff;
  localparam logic [11:0] FLAGS_N_RECV = 12'h0ff;
  localparam logic [11:0] FLAGS_N_RADD = 12'h0ff;
  localparam logic [11:0] FLAGS_S_WAIT = 12'h03f;

endpackage
