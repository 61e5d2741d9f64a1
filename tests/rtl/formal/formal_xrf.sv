// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Stands for tcc_xrf where a proof holds whatever the operands are and whenever they come: any value,
// known at once or brought by any result. x0 is 0 (checks zero_a, zero_b of formal_core).
module tcc_xrf #(
  parameter int Xdpnum = 1,
  parameter int XrWp = 1,
  parameter int TagW = 1
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     clear_i,
  input  logic [2*Xdpnum*5-1:0]    rs_i,
  output logic [2*Xdpnum-1:0]      known_o,
  output logic [2*Xdpnum*TagW-1:0] tag_o,
  output logic [2*Xdpnum*32-1:0]   value_o,
  input  logic [Xdpnum-1:0]        dispatch_i,
  input  logic [Xdpnum*5-1:0]      rd_i,
  input  logic [Xdpnum*TagW-1:0]   rd_tag_i,
  input  logic [XrWp-1:0]          result_valid_i,
  input  logic [XrWp*TagW-1:0]     result_tag_i,
  input  logic [XrWp*32-1:0]       result_i
);

  (* anyseq *) logic [2*Xdpnum-1:0]      any_known;
  (* anyseq *) logic [2*Xdpnum*TagW-1:0] any_tag;
  (* anyseq *) logic [2*Xdpnum*32-1:0]   any_value;

  for (genvar p = 0; p < 2 * Xdpnum; p++) begin : gen_operand
    logic zero;
    assign zero                  = rs_i[5*p +: 5] == 5'd0;
    assign known_o[p]            = any_known[p] || zero;
    assign value_o[32*p +: 32]   = any_value[32*p +: 32] & {32{!zero}};
  end
  assign tag_o = any_tag;

endmodule
