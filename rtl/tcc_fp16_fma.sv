// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// fp16 fused multiply-add: a * b + c with one rounding, to nearest even.
//
// Purpose      Every addition, subtraction and multiplication of a vector lane: a * 1 + c, the same
//              with c's sign flipped, a * b + (-0), whose zero has the sign of the product.
//
//   multiply, exponents --> [1] align c, add --> [2] normalise, round, pack --> [3] result_o
//
// Protocol     No handshake and no stall. step_i[s]: stage s + 1 takes what is in front of it at
//              this edge; all high, the operands of every edge give a result. A stage that does not
//              step stands still, which saves power, and time in simulation.
// Latency      tcc_vec_pkg::VLANE_LATENCY (3) cycles; the result is a register.
// Throughput   1 a cycle.
// Assumes      Nothing. Subnormals count in full, as operands and as results. Every NaN result is
//              the canonical 0x7E00; infinity * 0 and opposite infinities give it too. An exact
//              zero is +0, unless both terms are negative.
// Parameters   none.
module tcc_fp16_fma (
  input  logic                                  clk_i,
  input  logic [tcc_vec_pkg::VLANE_LATENCY-1:0] step_i,

  input  logic [15:0]                           a_i,
  input  logic [15:0]                           b_i,
  input  logic [15:0]                           c_i,
  output logic [15:0]                           result_o
);

  // The sum's window. Its top bit is the leading bit of the larger exponent: c at the top with two
  // spare bits between it and the product, or the product with c further down. Below the product
  // are 5 bits: where one factor is subnormal the product may be short, and c must not lose what
  // rounding needs; then c reaches at most so far. The last bit is the sticky bit.
  localparam int PROD_W   = 22;
  localparam int LOW_W    = 5;
  localparam int WIN_W    = 11 + 2 + PROD_W + LOW_W + 1;
  localparam int PROD_LSB = LOW_W + 1;
  localparam int MAX_SHIFT = 58;  // largest distance of exponents

  // Registers of stages 1 and 2.
  logic [PROD_W-1:0] prod_q;
  logic [10:0]       c_sig_q;
  logic [5:0]        shift_q, exp1_q;
  logic              sign1_q, subtract_q, nan1_q, inf1_q;
  logic [WIN_W-1:0]  mag_q;
  logic [5:0]        exp2_q;
  logic              sign2_q, zero_sign_q, nan2_q, inf2_q;

  // Stage 1. Exponents count from the smallest: value = sig * 2^(exp - 24).
  always_ff @(posedge clk_i) begin
    if (step_i[0]) begin : multiply
      logic        a_normal, b_normal, c_normal, a_top, b_top, c_top, a_nan, b_nan, c_nan;
      logic        a_zero, b_zero, p_inf, c_inf, p_sign, subtract;
      logic [4:0]  a_exp, b_exp, c_exp;
      logic [5:0]  p_exp;
      logic [6:0]  distance;

      a_normal = a_i[14:10] != 5'd0;
      b_normal = b_i[14:10] != 5'd0;
      c_normal = c_i[14:10] != 5'd0;
      a_top    = a_i[14:10] == 5'd31;
      b_top    = b_i[14:10] == 5'd31;
      c_top    = c_i[14:10] == 5'd31;
      a_nan    = a_top && (a_i[9:0] != 10'd0);
      b_nan    = b_top && (b_i[9:0] != 10'd0);
      c_nan    = c_top && (c_i[9:0] != 10'd0);
      a_zero   = a_i[14:0] == 15'd0;
      b_zero   = b_i[14:0] == 15'd0;
      p_inf    = a_top || b_top;
      c_inf    = c_top;
      p_sign   = a_i[15] ^ b_i[15];
      subtract = p_sign ^ c_i[15];

      a_exp    = a_i[14:10] - {4'd0, a_normal};
      b_exp    = b_i[14:10] - {4'd0, b_normal};
      c_exp    = c_i[14:10] - {4'd0, c_normal};
      p_exp    = 6'(a_exp) + 6'(b_exp);
      distance = {1'b0, p_exp} - {2'b00, c_exp};

      prod_q     <= PROD_W'({a_normal, a_i[9:0]}) * PROD_W'({b_normal, b_i[9:0]});
      c_sig_q    <= {c_normal, c_i[9:0]};
      shift_q    <= distance[6] ? 6'd0 : distance[5:0];
      exp1_q     <= distance[6] ? {1'b0, c_exp} : p_exp;
      sign1_q    <= (c_inf && !p_inf) ? c_i[15] : p_sign;
      subtract_q <= subtract;
      nan1_q     <= a_nan || b_nan || c_nan || (a_top && b_zero) || (b_top && a_zero) ||
                    (p_inf && c_inf && subtract);
      inf1_q     <= p_inf || c_inf;
    end
  end

  // Stage 2: |product +- c|. When subtracting, total is product - c - 1, whose complement is
  // c - product where that is positive.
  always_ff @(posedge clk_i) begin
    if (step_i[1]) begin : add
      logic [MAX_SHIFT+10:0] c_wide;
      logic [WIN_W-1:0]      c_win, p_win;
      logic [WIN_W:0]        total;
      logic                  reverse;

      c_wide  = {c_sig_q, {MAX_SHIFT{1'b0}}} >> shift_q;
      c_win   = {c_wide[MAX_SHIFT+10 -: WIN_W-1], c_wide[MAX_SHIFT+11-WIN_W:0] != '0};
      p_win   = {{(WIN_W - PROD_W - PROD_LSB){1'b0}}, prod_q, {PROD_LSB{1'b0}}};
      total   = {1'b0, p_win} + {subtract_q, c_win ^ {WIN_W{subtract_q}}};
      reverse = total[WIN_W];

      mag_q       <= reverse ? ~total[WIN_W-1:0] : total[WIN_W-1:0] + WIN_W'(subtract_q);
      exp2_q      <= exp1_q;
      sign2_q     <= sign1_q ^ (reverse && !inf1_q);
      zero_sign_q <= sign1_q && !subtract_q;
      nan2_q      <= nan1_q;
      inf2_q      <= inf1_q;
    end
  end

  // Stage 3. Shift left until the top bit is set, but by no more than the exponent allows: what is
  // left then is subnormal. Each step shifts by its bit if the bits above are zero and the exponent
  // has that bit, or has had a higher bit that no shift took (ample). Of each step only the bits
  // that later steps can bring to the top are kept; the others go into the sticky bit.
  always_ff @(posedge clk_i) begin
    if (step_i[2]) begin : round
      logic [5:0]  step;
      logic [40:0] n32;
      logic [26:0] n16;
      logic [18:0] n8;
      logic [14:0] n4;
      logic [12:0] n2;
      logic [11:0] n1;
      logic        ample, sticky;
      logic        round_up, overflow;
      logic [5:0]  exp_left;
      logic [14:0] rounded;

      step[5] = exp2_q[5] && (mag_q[40:9] == '0);
      ample   = exp2_q[5] && !step[5];
      n32     = step[5] ? {mag_q[8:0], 32'd0} : mag_q;

      step[4] = (ample || exp2_q[4]) && (n32[40:25] == '0);
      ample   = ample || (exp2_q[4] && !step[4]);
      n16     = step[4] ? {n32[24:0], 2'b00} : n32[40:14];
      sticky  = !step[4] && (n32[13:0] != '0);

      step[3] = (ample || exp2_q[3]) && (n16[26:19] == '0);
      ample   = ample || (exp2_q[3] && !step[3]);
      n8      = step[3] ? n16[18:0] : n16[26:8];
      sticky  = sticky || (!step[3] && (n16[7:0] != '0));

      step[2] = (ample || exp2_q[2]) && (n8[18:15] == '0);
      ample   = ample || (exp2_q[2] && !step[2]);
      n4      = step[2] ? n8[14:0] : n8[18:4];
      sticky  = sticky || (!step[2] && (n8[3:0] != '0));

      step[1] = (ample || exp2_q[1]) && (n4[14:13] == '0);
      ample   = ample || (exp2_q[1] && !step[1]);
      n2      = step[1] ? n4[12:0] : n4[14:2];
      sticky  = sticky || (!step[1] && (n4[1:0] != '0));

      step[0] = (ample || exp2_q[0]) && !n2[12];
      n1      = step[0] ? n2[11:0] : n2[12:1];
      sticky  = sticky || (!step[0] && n2[0]);

      // The carry of the fraction runs into the exponent: subnormal to normal, and to infinity.
      exp_left = exp2_q - step;
      round_up = n1[0] && (n1[1] || sticky);
      rounded  = {n1[11] ? exp_left[4:0] + 5'd1 : 5'd0, n1[10:1]} + 15'(round_up);
      overflow = n1[11] && (exp_left >= 6'd30);

      if (nan2_q) result_o <= tcc_vec_pkg::FP16_NAN;
      else if (inf2_q || overflow) result_o <= {sign2_q, tcc_vec_pkg::FP16_INF[14:0]};
      else if (mag_q == '0) result_o <= {zero_sign_q, 15'd0};
      else result_o <= {sign2_q, rounded};
    end
  end

endmodule
