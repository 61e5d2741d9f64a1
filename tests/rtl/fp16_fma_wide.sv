// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Bench only: many multiply-add units side by side, so that one evaluation of the model checks many
// operands.
module fp16_fma_wide #(
  parameter int Copies = 64
) (
  input  logic                 clk_i,
  input  logic [16*Copies-1:0] a_i,
  input  logic [16*Copies-1:0] b_i,
  input  logic [16*Copies-1:0] c_i,
  output logic [16*Copies-1:0] result_o
);

  for (genvar i = 0; i < Copies; i++) begin : gen_unit
    tcc_fp16_fma u_fma (
      .clk_i    (clk_i),
      .step_i   ('1),
      .a_i      (a_i[16*i +: 16]),
      .b_i      (b_i[16*i +: 16]),
      .c_i      (c_i[16*i +: 16]),
      .result_o (result_o[16*i +: 16])
    );
  end

endmodule
