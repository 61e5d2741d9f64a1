// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Special functions of fp16: 2^x, 1/x, 1/sqrt(x).
//
// Purpose      One unit that several lanes share. The argument is reduced to a segment of a table
//              and a place in it, dx; the line c0 + c1 * dx gives the significand.
//
//                x = n + f        2^x       = 2^(n+1) * 2^f/2       dx: f upwards
//                x = m * 2^e      1/x       = 2^-e * 1/m            dx: m downwards
//                x = m * 4^h      1/sqrt(x) = 2^-h * 1/sqrt(m)      dx: m downwards, m in [1, 4)
//
//   reduce --> [1] look up, multiply, add --> [2] round, pack --> [3] result_o
//
// Protocol     No handshake and no stall: the operands of every edge give a result.
// Latency      tcc_vec_pkg::VLANE_LATENCY (3) cycles; the result is a register.
// Throughput   1 a cycle.
// Assumes      function_i is one of tcc_vec_pkg::SFU_*.
// Accuracy     Reciprocal and reciprocal root are correctly rounded, to nearest even. 2^x is at
//              most 1 ulp away and monotone; tests/rtl/fp16_sfu_bench.cpp counts how many are
//              rounded correctly.
// Special      Subnormals count in full, as arguments and as results. A NaN and the root of a
//              negative number give the canonical 0x7E00. 2^-inf = +0, 1/+-0 = +-inf,
//              1/+-inf = +-0, 1/sqrt(+-0) = +-inf, 1/sqrt(+inf) = +0.
// Parameters   none.
module tcc_fp16_sfu (
  input  logic                          clk_i,

  input  logic [tcc_vec_pkg::SFU_W-1:0] function_i,
  input  logic [15:0]                   a_i,
  output logic [15:0]                   result_o
);

  localparam int FRAC_W = 15;          // of the fixed-point argument of 2^x
  localparam int DX_W   = FRAC_W - 6;
  localparam int SUM_W  = 24;          // the sum counts in 2^-23 and is at most 1
  localparam int PLACE  = SUM_W - 12;  // last place of a significand in the sum

  // The results that no line gives.
  localparam logic [1:0] NUMBER = 2'd0;
  localparam logic [1:0] ZERO   = 2'd1;
  localparam logic [1:0] INF    = 2'd2;
  localparam logic [1:0] NAN    = 2'd3;

  // Stage 1.
  logic        exp2, rcp, sign, top, nan, inf, zero;
  logic [4:0]  field;

  assign exp2  = function_i == tcc_vec_pkg::SFU_EXP2;
  assign rcp   = function_i == tcc_vec_pkg::SFU_RCP;
  assign sign  = a_i[15];
  assign field = a_i[14:10];
  assign top   = field == 5'd31;
  assign nan   = top && (a_i[9:0] != 10'd0);
  assign inf   = top && (a_i[9:0] == 10'd0);
  assign zero  = a_i[14:0] == 15'd0;

  // Reciprocals: m and a biased exponent that goes below 1 for subnormals.
  logic [3:0] lead;
  logic [9:0] frac;
  logic [5:0] exponent;

  always_comb begin
    lead = 4'd0;
    for (int i = 0; i < 10; i++) begin
      if (a_i[i]) lead = 4'(10 - i);
    end
    if (field != 5'd0) begin
      frac     = a_i[9:0];
      exponent = {1'b0, field};
    end else begin
      frac     = a_i[9:0] << lead;
      exponent = 6'd1 - {2'b00, lead};
    end
  end

  // 2^x: fixed point, rounded towards minus infinity. The one's complement stands for the negative;
  // where no bit was cut off it is 2^-15 too low, which the lines make up for.
  logic [FRAC_W+4:0] magnitude, fixed;

  assign magnitude = {field != 5'd0, a_i[9:0], 9'd0} >> (5'd19 - field);
  assign fixed     = magnitude ^ {(FRAC_W + 5){sign}};

  // The result is the sum times 2^(scale - 13) in general, so that scale is the biased exponent
  // less one; below zero the result is subnormal.
  logic [5:0]      segment, scale;
  logic [DX_W-1:0] dx;
  logic [1:0]      special;

  always_comb begin
    if (exp2) begin
      segment = fixed[FRAC_W-1 -: 6];
      dx      = fixed[DX_W-1:0];
      scale   = 6'd14 + {sign, fixed[FRAC_W +: 5]};
    end else if (rcp) begin
      segment = frac[9:4];
      dx      = {~frac[3:0], 5'd0};
      scale   = 6'd28 - exponent;
    end else begin
      segment = {!exponent[0], frac[9:5]};
      dx      = {~frac[4:0], 4'd0};
      scale   = 6'd21 - 6'($signed(exponent + 6'd1) >>> 1);
    end

    special = NUMBER;
    if (nan || (!exp2 && !rcp && sign && !zero)) special = NAN;
    else if (exp2) begin
      if (!sign && (field >= 5'd19)) special = INF;
      // From -28 on: less than half of the smallest subnormal.
      else if (sign && ((field > 5'd19) || ((field == 5'd19) && (a_i[9:8] == 2'b11)))) begin
        special = ZERO;
      end
    end else if (inf) special = ZERO;
    else if (zero || (rcp && (a_i[14:8] == 7'd0))) special = INF;
  end

  logic [tcc_vec_pkg::SFU_W-1:0] function_q;
  logic [5:0]                    segment_q, scale_q;
  logic [DX_W-1:0]               dx_q;
  logic [1:0]                    special1_q;
  logic                          sign1_q;

  always_ff @(posedge clk_i) begin
    function_q <= function_i;
    segment_q  <= segment;
    dx_q       <= dx;
    scale_q    <= scale;
    special1_q <= special;
    sign1_q    <= sign && !exp2;
  end

  // Stage 2. Nothing below the bit behind the last place is needed: no result lies in the middle
  // between two numbers but 2^-25, and its sum is a little too low.
  logic [16:0]      c0;
  logic [7:0]       c1;
  logic [SUM_W-1:0] sum;
  logic             unused_low;

  tcc_fp16_sfu_table u_table (
    .function_i (function_q),
    .segment_i  (segment_q),
    .half_i     (dx_q[DX_W-1]),
    .c0_o       (c0),
    .c1_o       (c1)
  );

  assign sum        = {1'b0, c0, 6'd0} + SUM_W'(17'(c1) * 17'(dx_q));
  assign unused_low = ^sum[PLACE-2:0];

  logic [12:0] sum_q;
  logic [3:0]  shift_q;
  logic [4:0]  base_q;
  logic [1:0]  special2_q;
  logic        sign2_q;

  always_ff @(posedge clk_i) begin
    sum_q      <= sum[SUM_W-1:PLACE-1];
    shift_q    <= scale_q[5] ? ~scale_q[3:0] + 4'd1 : 4'd0;
    base_q     <= scale_q[5] ? 5'd0 : scale_q[4:0];
    special2_q <= special1_q;
    sign2_q    <= sign1_q;
  end

  // Stage 3: the significand with its hidden bit is added to the exponent less one, so that a
  // significand of 2 becomes the next power of two, and a subnormal has exponent zero.
  logic [12:0] shifted;
  logic [14:0] number;

  assign shifted = sum_q >> shift_q;
  assign number  = {base_q, 10'd0} + 15'(shifted[12:1]) + 15'(shifted[0]);

  always_ff @(posedge clk_i) begin
    case (special2_q)
      NUMBER:  result_o <= {sign2_q, number};
      ZERO:    result_o <= {sign2_q, 15'd0};
      INF:     result_o <= {sign2_q, tcc_vec_pkg::FP16_INF[14:0]};
      default: result_o <= tcc_vec_pkg::FP16_NAN;
    endcase
  end

endmodule
