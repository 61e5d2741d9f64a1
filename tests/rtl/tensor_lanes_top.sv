// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Bench only: many lanes of the tensor engine that share an activation, with its decoder, so that
// one step of the simulation gives a term to each.
module tensor_lanes_top #(
  parameter int Lanes = 32
) (
  input  logic                                 clk_i,

  input  logic                                 mul_en_i,
  input  logic [tcc_pkg::TYPE_W-1:0]           type_i,
  input  logic [15:0]                          x_i,
  input  logic [16*Lanes-1:0]                  w_i,
  input  logic                                 add_en_i,
  input  logic [tcc_pkg::ADDEND_W-1:0]         addend_i,

  input  logic                                 acc_en_i,
  input  logic                                 acc_clr_i,
  input  logic [tcc_pkg::BANK_W-1:0]           acc_bank_i,

  input  logic                                 rd_en_i,
  input  logic [tcc_pkg::BANK_W-1:0]           rd_bank_i,
  output logic [tcc_pkg::ACC_W*Lanes-1:0]      acc_o,
  output logic [tcc_pkg::ACC_FLAG_W*Lanes-1:0] flags_o
);

  logic [tcc_pkg::XD_W-1:0] xd;

  tcc_tensor_xdec u_xdec (
    .type_i (type_i),
    .x_i    (x_i),
    .xd_o   (xd)
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    tcc_tensor_lane u_lane (
      .clk_i      (clk_i),
      .mul_en_i   (mul_en_i),
      .type_i     (type_i),
      .w_i        (w_i[16*l +: 16]),
      .xd_i       (xd),
      .add_en_i   (add_en_i),
      .addend_i   (addend_i),
      .acc_en_i   (acc_en_i),
      .acc_clr_i  (acc_clr_i),
      .acc_bank_i (acc_bank_i),
      .rd_en_i    (rd_en_i),
      .rd_bank_i  (rd_bank_i),
      .acc_o      (acc_o[tcc_pkg::ACC_W*l +: tcc_pkg::ACC_W]),
      .flags_o    (flags_o[tcc_pkg::ACC_FLAG_W*l +: tcc_pkg::ACC_FLAG_W])
    );
  end

endmodule
