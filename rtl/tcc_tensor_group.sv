// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Eight lanes of the tensor engine with the converters they share.
//
// Purpose      Eight exact multiply-accumulate lanes; one fp32 decoder in front of them and one
//              converter behind them, each serving one lane a cycle. Sharing costs no
//              throughput: read-out overlaps the next product, which is longer. Lane s of group g
//              is lane s * Groups + g of the engine, so step s of all groups together touches a
//              contiguous slice of the vector.
// Protocol     M stage: mul_i, or add_i with add_lane_i and add_fp32_i (taken one cycle earlier
//              with add_load_i). A stage: acc_lanes_i enables lanes; acc_clr_i, acc_bank_i as in
//              tcc_tensor_lane. Read-out: rd_load_i/rd_lane_i/rd_bank_i, next cycle rd_abs_i, next
//              cycle rd_result_o.
// Latency      2 cycles operand to accumulator, 2 cycles accumulator to result.
// Throughput   8 products a cycle.
// Assumes      mul_i and add_i are never high together.
// Parameters   none (paper: VLEN / 128 of these groups make the engine).
`include "tcc_assert.svh"

module tcc_tensor_group (
  input  logic                                  clk_i,
  input  logic                                  rst_ni,

  // M stage: broadcast activation times eight weights
  input  logic                                  mul_i,
  input  logic [tcc_pkg::TYPE_W-1:0]            type_i,
  input  logic [tcc_pkg::XD_W-1:0]              xd_i,
  input  logic [16*tcc_pkg::GROUP_LANES-1:0]    w_i,

  // One cycle before M, and M: one fp32 value for one lane
  input  logic                                  add_load_i,
  input  logic [31:0]                           add_fp32_i,
  input  logic                                  add_i,
  input  logic [2:0]                            add_lane_i,

  // A stage
  input  logic [tcc_pkg::GROUP_LANES-1:0]       acc_lanes_i,
  input  logic                                  acc_clr_i,
  input  logic [tcc_pkg::BANK_W-1:0]            acc_bank_i,

  // Read-out
  input  logic                                  rd_load_i,
  input  logic [2:0]                            rd_lane_i,
  input  logic [tcc_pkg::BANK_W-1:0]            rd_bank_i,
  input  logic                                  rd_abs_i,
  input  logic [tcc_pkg::FORMAT_W-1:0]          rd_format_i,
  input  logic                                  rd_relu_i,
  output logic [31:0]                           rd_result_o
);
  /* verilator no_inline_module */

  // fp32 side: raw value registered, then decoded in the M stage.
  logic [31:0]                  fp32_q;
  logic [tcc_pkg::ADDEND_W-1:0] addend;

  always_ff @(posedge clk_i) begin
    if (add_load_i) fp32_q <= add_fp32_i;
  end

  tcc_fp32_dec u_dec (
    .fp32_i   (fp32_q),
    .addend_o (addend)
  );

  // Lanes.
  localparam int ACC_W = tcc_pkg::ACC_W;
  localparam int FLAG_W = tcc_pkg::ACC_FLAG_W;

  logic [tcc_pkg::GROUP_LANES*ACC_W-1:0]  acc;
  logic [tcc_pkg::GROUP_LANES*FLAG_W-1:0] flags;
  logic [ACC_W-1:0]                       acc_sel;
  logic [FLAG_W-1:0]                      flags_sel;

  for (genvar s = 0; s < tcc_pkg::GROUP_LANES; s++) begin : gen_lane
    tcc_tensor_lane u_lane (
      .clk_i      (clk_i),
      .mul_en_i   (mul_i),
      .type_i     (type_i),
      .w_i        (w_i[16*s +: 16]),
      .xd_i       (xd_i),
      .add_en_i   (add_i && (add_lane_i == 3'(s))),
      .addend_i   (addend),
      .acc_en_i   (acc_lanes_i[s]),
      .acc_clr_i  (acc_clr_i),
      .acc_bank_i (acc_bank_i),
      .rd_en_i    (rd_load_i && (rd_lane_i == 3'(s))),
      .rd_bank_i  (rd_bank_i),
      .acc_o      (acc[ACC_W*s +: ACC_W]),
      .flags_o    (flags[FLAG_W*s +: FLAG_W])
    );
  end

  // The lane to read out.
  always_comb begin
    acc_sel   = '0;
    flags_sel = '0;
    if (rd_load_i) begin
      for (int s = 0; s < tcc_pkg::GROUP_LANES; s++) begin
        if (rd_lane_i == 3'(s)) begin
          acc_sel   = acc[ACC_W*s +: ACC_W];
          flags_sel = flags[FLAG_W*s +: FLAG_W];
        end
      end
    end
  end

  tcc_acc_cvt u_cvt (
    .clk_i    (clk_i),
    .load_i   (rd_load_i),
    .acc_i    (acc_sel),
    .flags_i  (flags_sel),
    .abs_i    (rd_abs_i),
    .format_i (rd_format_i),
    .relu_i   (rd_relu_i),
    .result_o (rd_result_o)
  );

  `ASSERT(MulAddExclusive, !(mul_i && add_i))

endmodule
