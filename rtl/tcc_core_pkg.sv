// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What the modules of the scalar core share. Always referred to as tcc_core_pkg::NAME.
package tcc_core_pkg;

  // What executes an instruction.
  localparam int KIND_W = 4;
  localparam logic [KIND_W-1:0] KIND_ALU     = 4'd0;
  localparam logic [KIND_W-1:0] KIND_BRANCH  = 4'd1;  // taken or not; writes nothing
  localparam logic [KIND_W-1:0] KIND_JALR    = 4'd2;  // jumps to a + b; writes the link
  localparam logic [KIND_W-1:0] KIND_LOOP    = 4'd3;  // a branch if a is 0, else begins a loop
  localparam logic [KIND_W-1:0] KIND_MULDIV  = 4'd4;
  localparam logic [KIND_W-1:0] KIND_LOAD    = 4'd5;
  localparam logic [KIND_W-1:0] KIND_STORE   = 4'd6;
  localparam logic [KIND_W-1:0] KIND_HALT    = 4'd7;
  localparam logic [KIND_W-1:0] KIND_COMMAND = 4'd8;  // to the tile's units; writes nothing
  localparam logic [KIND_W-1:0] KIND_VECTOR  = 4'd9;  // likewise, to the vector unit

  // Commands: funct3 of custom-0 (tensor engine), of custom-2 (network interface), and s.wait.
  localparam int CMD_W = 4;
  localparam logic [CMD_W-1:0] CMD_WPTR = 4'd0;
  localparam logic [CMD_W-1:0] CMD_GEMV = 4'd1;
  localparam logic [CMD_W-1:0] CMD_ADD  = 4'd2;
  localparam logic [CMD_W-1:0] CMD_RD   = 4'd3;
  localparam logic [CMD_W-1:0] CMD_WAIT = 4'd7;
  localparam logic [CMD_W-1:0] CMD_SEND = 4'd8;
  localparam logic [CMD_W-1:0] CMD_RECV = 4'd9;
  localparam logic [CMD_W-1:0] CMD_RADD = 4'd10;

  // Where DMEM begins in the address space.
  localparam logic [31:0] DMEM_BASE = 32'h8000_0000;

endpackage
