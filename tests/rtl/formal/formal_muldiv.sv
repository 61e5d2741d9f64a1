// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Stands for tcc_muldiv in proofs of the core: the same protocol, other operations that tell their
// operands and each other apart, and any number of cycles from 1 to 4. The real unit is swept with
// every pair of operands at 8 bits and tested with 10^8 at 32 (rtl.muldiv_*).
module formal_operation (
  input  logic [2:0]  op_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] result_o
);

  logic [31:0] key;

  always_comb begin
    case (op_i)
      3'd0:    key = 32'h5876063e;
      3'd1:    key = 32'hf6583fb7;
      3'd2:    key = 32'hecfbe137;
      3'd3:    key = 32'h949ce5e8;
      3'd4:    key = 32'h7f8529ec;
      3'd5:    key = 32'h10e8fd70;
      3'd6:    key = 32'h8da68fa5;
      default: key = 32'h3138d0e1;
    endcase
  end

  assign result_o = (a_i - b_i) ^ key;

endmodule

module tcc_muldiv #(
  parameter int Width = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             clear_i,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [2:0]       op_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] result_o
);

  logic [1:0]       left_q;
  logic             full_q;
  logic [Width-1:0] result_q, result;

  formal_operation u_operation (
    .op_i     (op_i),
    .a_i      (a_i),
    .b_i      (b_i),
    .result_o (result)
  );

  assign ready_o  = !full_q;
  assign valid_o  = full_q && (left_q == '0);
  assign result_o = result_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q <= 1'b0;
      left_q <= '0;
    end else if (clear_i) begin
      full_q <= 1'b0;
    end else if (valid_i && ready_o) begin
      full_q <= 1'b1;
      left_q <= a_i[1:0];  // some number
    end else if (left_q != '0) begin
      left_q <= left_q - 2'd1;
    end else if (ready_i) begin
      full_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o) result_q <= result;
  end

endmodule
