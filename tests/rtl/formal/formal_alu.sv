// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Stands for tcc_alu and formal_muldiv's operations where a proof is about which operands and
// results go where, whatever they are: any result.
module tcc_alu (
  input  logic [3:0]  op_i,
  input  logic [2:0]  branch_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] result_o,
  output logic        taken_o
);

  (* anyseq *) logic [31:0] any_result;
  (* anyseq *) logic        any_taken;

  assign result_o = any_result;
  assign taken_o  = any_taken;

endmodule
