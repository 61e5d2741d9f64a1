// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What the modules of the scalar core share. Always referred to as tcc_core_pkg::NAME.
package tcc_core_pkg;

  // What executes an instruction.
  localparam int KIND_W = 3;
  localparam logic [KIND_W-1:0] KIND_ALU    = 3'd0;
  localparam logic [KIND_W-1:0] KIND_BRANCH = 3'd1;  // taken or not; writes nothing
  localparam logic [KIND_W-1:0] KIND_JALR   = 3'd2;  // jumps to a + b; writes the link
  localparam logic [KIND_W-1:0] KIND_MULDIV = 3'd3;
  localparam logic [KIND_W-1:0] KIND_LOAD   = 3'd4;
  localparam logic [KIND_W-1:0] KIND_STORE  = 3'd5;
  localparam logic [KIND_W-1:0] KIND_HALT   = 3'd6;

endpackage
