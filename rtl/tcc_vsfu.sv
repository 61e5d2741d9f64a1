// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Special functions of the vector unit: exp2, rcp, rsqrt of a register.
//
// Purpose      A unit (tcc_fp16_sfu) serves eight lanes one after the other.
// Protocol     start_i while free_o. valid_o with vd_o and result_o until taken_i.
// Latency      12 cycles from start_i to valid_o.
// Throughput   A register in 13 cycles at most.
// Assumes      function_i is one of SFU_*.
// Parameters   VLEN -> Vlen.
`include "tcc_assert.svh"

module tcc_vsfu #(
  parameter int Vlen = 128,
  localparam int VREG_W = tcc_vec_pkg::VREG_W
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  output logic                          free_o,
  input  logic                          start_i,
  input  logic [tcc_vec_pkg::SFU_W-1:0] function_i,
  input  logic [VREG_W-1:0]             vd_i,
  input  logic [Vlen-1:0]               a_i,

  output logic                          valid_o,
  input  logic                          taken_i,
  output logic [VREG_W-1:0]             vd_o,
  output logic [Vlen-1:0]               result_o
);

  localparam int SHARED = 8;              // lanes a unit
  localparam int GROUP_W = 16 * SHARED;
  localparam int GROUPS = Vlen / GROUP_W;
  localparam int LATENCY = tcc_vec_pkg::VLANE_LATENCY;
  localparam logic [3:0] ALL = 4'(SHARED);

  // given_q arguments have gone into the units, got_q results have come out.
  logic [3:0]                    given_q, got_q;
  logic                          busy_q, giving;
  logic [LATENCY-1:0]            under_way_q;
  logic [tcc_vec_pkg::SFU_W-1:0] function_q;

  assign free_o  = !busy_q;
  assign giving  = busy_q && (given_q != ALL);
  assign valid_o = busy_q && (got_q == ALL);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q      <= 1'b0;
      given_q     <= '0;
      got_q       <= '0;
      under_way_q <= '0;
    end else begin
      under_way_q <= {under_way_q[LATENCY-2:0], giving};
      if (start_i) begin
        busy_q  <= 1'b1;
        given_q <= '0;
        got_q   <= '0;
      end else begin
        given_q <= given_q + 4'(giving);
        got_q   <= got_q + 4'(under_way_q[LATENCY-1]);
        if (taken_i) busy_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      vd_o       <= vd_i;
      function_q <= function_i;
    end
  end

  for (genvar g = 0; g < GROUPS; g++) begin : gen_group
    logic [GROUP_W-1:0] source_q, result_q;
    logic [15:0]        result;

    tcc_fp16_sfu u_unit (
      .clk_i      (clk_i),
      .function_i (function_q),
      .a_i        (source_q[15:0]),
      .result_o   (result)
    );

    always_ff @(posedge clk_i) begin
      if (start_i) source_q <= a_i[GROUP_W*g +: GROUP_W];
      else         source_q <= source_q >> 16;
      if (under_way_q[LATENCY-1]) result_q <= {result, result_q[GROUP_W-1:16]};
    end

    assign result_o[GROUP_W*g +: GROUP_W] = result_q;
  end

  `ASSERT(StartsWhenFree, !start_i || free_o)
  `ASSERT(TakesWhatIsThere, !taken_i || valid_o)

endmodule
