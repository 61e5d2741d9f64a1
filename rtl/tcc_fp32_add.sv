// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fp32_add: IEEE 754 binary32 addition, round to nearest even, subnormals honoured, every NaN
// result is the canonical quiet NaN 0x7FC00000. No exception flags.
//
//   a_i, b_i --> swap, align, add --> [register, en_i] --> normalise, round, pack --> sum_o
//
// Protocol    an edge with en_i high takes the operands; sum_o is theirs in the next cycle alone, and
//             zero else: an adder at rest does not move.
// Latency     1 cycle (sum_o is combinational behind the register).
// Throughput  one sum a cycle.
// Assumes     nothing. Golden: the host's float addition, see tests/rtl/fp32_add_bench.cpp.
//
// Parameters  none

`include "tcc_assert.svh"

module tcc_fp32_add (
  input logic clk_i,
  input logic rst_ni,

  input  logic        en_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] sum_o
);

  localparam int unsigned MAN_W = 24;  // with the hidden bit
  localparam int unsigned SIG_W = MAN_W + 3;  // guard, round, sticky
  localparam logic [31:0] CANONICAL_NAN = 32'h7FC0_0000;

  // Subnormals use exponent 1 without the hidden bit.
  function automatic logic [7:0] exponent(input logic [7:0] field);
    exponent = (field == 8'd0) ? 8'd1 : field;
  endfunction

  function automatic logic [SIG_W-1:0] significand(input logic [30:0] magnitude);
    significand = {magnitude[30:23] != 8'd0, magnitude[22:0], 3'b000};
  endfunction

  function automatic logic is_nan(input logic [30:0] magnitude);
    is_nan = (magnitude > 31'h7F80_0000);
  endfunction

  function automatic logic is_inf(input logic [30:0] magnitude);
    is_inf = (magnitude == 31'h7F80_0000);
  endfunction

  logic fresh_q, sign_q, cancelled_sign_q, nan_q, inf_q;
  logic [7:0] exp_q;
  logic [SIG_W:0] total_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) fresh_q <= 1'b0;
    else fresh_q <= en_i;
  end

  // Stage 1: order by magnitude, align the smaller, add or subtract.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sign_q <= 1'b0;
      cancelled_sign_q <= 1'b0;
      nan_q <= 1'b0;
      inf_q <= 1'b0;
      exp_q <= 8'd1;
      total_q <= '0;
    end else if (en_i) begin : add
      logic [31:0] larger, lesser;
      logic [7:0] larger_exp, lesser_exp, distance;
      logic [SIG_W-1:0] larger_sig, lesser_sig, aligned, lost_mask;
      logic subtract;

      larger = a_i;
      lesser = b_i;
      if (b_i[30:0] > a_i[30:0]) begin
        larger = b_i;
        lesser = a_i;
      end
      larger_exp = exponent(larger[30:23]);
      lesser_exp = exponent(lesser[30:23]);
      larger_sig = significand(larger[30:0]);
      lesser_sig = significand(lesser[30:0]);
      distance = larger_exp - lesser_exp;
      subtract = larger[31] != lesser[31];

      // Everything shifted out is kept as one sticky bit.
      lost_mask = ~({SIG_W{1'b1}} << distance);
      aligned = lesser_sig >> distance;
      aligned[0] = aligned[0] || ((lesser_sig & lost_mask) != '0);

      total_q <= subtract ? {1'b0, larger_sig} - {1'b0, aligned} :
          {1'b0, larger_sig} + {1'b0, aligned};
      exp_q <= larger_exp;
      sign_q <= larger[31];
      // An exact zero is negative only as -0 + -0.
      cancelled_sign_q <= a_i[31] && b_i[31];
      // An infinity always compares as the larger operand, a NaN larger still.
      nan_q <= is_nan(larger[30:0]) || (is_inf(lesser[30:0]) && subtract);
      inf_q <= is_inf(larger[30:0]);
    end
  end

  // Stage 2: normalise, round, pack.
  logic [7:0] zeros, shift, exp_field;
  logic [SIG_W-1:0] normal;
  logic [8:0] exp_norm;
  logic round_up;
  logic [31:0] packed_sum;

  always_comb begin
    zeros = '0;
    shift = '0;
    normal = '0;
    exp_norm = 9'd1;
    exp_field = '0;
    round_up = 1'b0;
    packed_sum = '0;
    sum_o = '0;
    if (fresh_q) begin
      zeros = 8'(SIG_W);
      for (int unsigned i = 0; i < SIG_W; i++) begin
        if (total_q[i]) zeros = 8'(SIG_W - 1 - i);
      end
      // A result that would need an exponent below 1 stays subnormal.
      shift = (zeros < exp_q) ? zeros : exp_q - 8'd1;

      if (total_q[SIG_W]) begin
        normal = {total_q[SIG_W:2], total_q[1] || total_q[0]};
        exp_norm = {1'b0, exp_q} + 9'd1;
      end else begin
        normal = total_q[SIG_W-1:0] << shift;
        exp_norm = {1'b0, exp_q} - {1'b0, shift};
      end

      exp_field = normal[SIG_W-1] ? exp_norm[7:0] : 8'd0;
      round_up = normal[2] && (normal[1] || normal[0] || normal[3]);
      // The carry of the fraction runs into the exponent: subnormal to normal, and to infinity,
      // come out right.
      packed_sum = {sign_q, exp_field, normal[SIG_W-2:3]} + 32'(round_up);

      if (nan_q) sum_o = CANONICAL_NAN;
      else if (inf_q || exp_norm >= 9'd255) sum_o = {sign_q, 8'hFF, 23'd0};
      else if (total_q == '0) sum_o = {cancelled_sign_q, 31'd0};
      else sum_o = packed_sum;
    end
  end

  `ASSERT(AFp32Normalised, normal[SIG_W-1] || exp_norm == 9'd1 || nan_q || inf_q || total_q == '0)
  `ASSERT(AFp32NanIsCanonical, !is_nan(sum_o[30:0]) || sum_o == CANONICAL_NAN)

endmodule
