// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// fp32 to an addend of the exact accumulator.
//
// Purpose      Lets a partial sum or a bias, held as fp32, enter the fixed-point accumulator of
//              tcc_tensor_lane.
// Protocol     Combinational.
// Latency      0 cycles.
// Throughput   1 a cycle.
// Assumes      Nothing. Exact for every multiple of 2^-48 below 2^47 in magnitude, hence for every
//              fp32 below 2^47 that a read-out produced, and for every fp32 sum of those.
//              Outside that: bits below 2^-48 are cut off towards zero; magnitudes of 2^47 and more
//              become an infinity of the same sign.
// Parameters   none.
module tcc_fp32_dec (
  input  logic [31:0]                 fp32_i,
  output logic [tcc_pkg::ADDEND_W-1:0] addend_o    // {nan, inf, sign, shift, significand}
);

  // fp32 = significand * 2^(e - 150) with e = max(exponent field, 1); the accumulator counts in
  // 2^-48.
  localparam logic [7:0] EXP_UNIT = 8'd102;   // e at which the significand's last bit weighs 2^-48
  localparam logic [7:0] EXP_LIMIT = 8'd174;  // e from which the magnitude is 2^47 or more

  logic [7:0]               exp_field, e, right;
  logic [tcc_pkg::SIG_W-1:0] sig, sig_cut;
  logic [tcc_pkg::SH_W-1:0]  left;
  logic                     nan, inf, below;

  assign exp_field = fp32_i[30:23];
  assign e         = (exp_field == 8'd0) ? 8'd1 : exp_field;
  assign sig       = {exp_field != 8'd0, fp32_i[22:0]};
  assign nan       = (exp_field == 8'd255) && (fp32_i[22:0] != 23'd0);
  assign inf       = (exp_field >= EXP_LIMIT) && !nan;

  assign below   = e < EXP_UNIT;
  assign right   = below ? EXP_UNIT - e : 8'd0;
  assign left    = below ? '0 : tcc_pkg::SH_W'(e - EXP_UNIT);
  assign sig_cut = (right < 8'(tcc_pkg::SIG_W)) ? sig >> right[4:0] : '0;

  assign addend_o = {nan, inf, fp32_i[31], left, (nan || inf) ? '0 : sig_cut};

endmodule
