// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One lane of the tensor engine: products of fp16, bf16 or int8, and decoded fp32, summed exactly.
//
// Purpose      Multiply a weight by the broadcast activation and add the product into one of four
//              96-bit fixed-point accumulators (last bit 2^-48). No rounding happens here and every
//              term is placed by itself, so the sum does not depend on the order of its terms. NaN
//              and the infinities are sticky flags.
//              fp16  the exact 22-bit product, subnormals in full.
//              bf16  the exact 16-bit product, cut off towards zero below 2^-48; 2^47 and more is
//                    infinite.
//              int8  the sum of the slot's two products, in units of 2^0.
// Protocol     M stage: mul_en_i takes w_i * xd_i, or add_en_i takes addend_i, into the term
//              register. A stage (the next cycle): acc_en_i adds the term register into bank
//              acc_bank_i; acc_clr_i starts that bank from zero. acc_o and flags_o show bank
//              rd_bank_i while rd_en_i is high, else zeros. What is not enabled does not move.
// Latency      2 cycles from operand to accumulator; the accumulate loop is one 96-bit addition.
// Throughput   1 term a cycle, any mix of banks and types.
// Assumes      At most 32768 products of fp16 or int8 between two clears never overflow; an
//              overflow is not silent, it sets the infinity flag of the addend's sign. (The order
//              of bf16 terms matters only to a sum that passes 2^47 on its way.) A bank is cleared
//              (acc_clr_i) before its first use. An addend that is NaN or infinite has significand
//              0.
// Parameters   none (paper: VLEN / 16 of these lanes make the engine).
module tcc_tensor_lane (
  input  logic                           clk_i,

  // M stage
  input  logic                           mul_en_i,
  input  logic [tcc_pkg::TYPE_W-1:0]     type_i,
  input  logic [15:0]                    w_i,
  input  logic [tcc_pkg::XD_W-1:0]       xd_i,       // tcc_tensor_xdec
  input  logic                           add_en_i,
  input  logic [tcc_pkg::ADDEND_W-1:0]   addend_i,   // {nan, inf, sign, shift, significand}

  // A stage
  input  logic                           acc_en_i,
  input  logic                           acc_clr_i,
  input  logic [tcc_pkg::BANK_W-1:0]     acc_bank_i,

  // Read-out
  input  logic                           rd_en_i,
  input  logic [tcc_pkg::BANK_W-1:0]     rd_bank_i,
  output logic [tcc_pkg::ACC_W-1:0]      acc_o,
  output logic [tcc_pkg::ACC_FLAG_W-1:0] flags_o     // {nan, negative infinity, positive infinity}
);

  localparam int ACC_W = tcc_pkg::ACC_W;
  localparam int FLAG_W = tcc_pkg::ACC_FLAG_W;
  localparam int SIG_W = tcc_pkg::SIG_W;
  localparam int SH_W = tcc_pkg::SH_W;

  localparam logic [8:0] MOST_SHIFT = 9'd80;

  logic                         t_ext_q;
  logic [tcc_pkg::ADDEND_W-1:0] term_q;

  // M stage
  always_ff @(posedge clk_i) begin
    if (mul_en_i || add_en_i) begin : multiply
      logic                        is_bf16, is_int8;
      logic                        x_high_sgn, x_nan, x_inf, x_sgn;
      logic                        w_nan, w_inf, w_normal, w_special, w_no_fraction;
      logic [tcc_pkg::X_EXP_W-1:0] x_exp;
      logic [tcc_pkg::X_SIG_W-1:0] x_sig, w_sig;
      logic [7:0]                  w_field, w_exp, w_low, w_high;
      logic [21:0]                 product, p_sig;
      logic [15:0]                 high_product, cut;
      logic                        low_neg, high_neg, p_nan, p_inf, below, beyond;
      logic [16:0]                 pair;
      logic [9:0]                  shift;

      // Decode both operands and multiply.
      is_bf16 = type_i == tcc_pkg::TYPE_BF16;
      is_int8 = type_i == tcc_pkg::TYPE_INT8;
      {x_high_sgn, x_nan, x_inf, x_sgn, x_exp, x_sig} = xd_i;

      w_field  = is_bf16 ? w_i[14:7] : {3'd0, w_i[14:10]};
      w_normal = w_field != 8'd0;
      w_exp    = w_field - {7'd0, w_normal};
      w_low    = w_i[7] ? 8'd0 - w_i[7:0] : w_i[7:0];

      w_sig = {w_normal, w_i[9:0]};
      if (is_bf16) w_sig = {3'd0, w_normal, w_i[6:0]};
      if (is_int8) w_sig = {3'd0, w_low};

      product = 22'(w_sig) * 22'(x_sig);

      // The term. t_ext_q continues the sign of two's complement.
      t_ext_q <= 1'b0;
      term_q  <= addend_i;
      if (mul_en_i && is_int8) begin
        // Two products of magnitudes, added as two's complement.
        w_high       = w_i[15] ? 8'd0 - w_i[15:8] : w_i[15:8];
        high_product = 16'(w_high) * 16'(x_exp[7:0]);
        low_neg      = w_i[7] ^ x_sgn;
        high_neg     = w_i[15] ^ x_high_sgn;
        pair         = ({1'b0, product[15:0]} ^ {17{low_neg}}) +
                       ({1'b0, high_product} ^ {17{high_neg}}) + 17'(low_neg) + 17'(high_neg);

        t_ext_q <= pair[16];
        term_q  <= {3'd0, SH_W'(tcc_pkg::INT_LSB), SIG_W'(signed'(pair))};
      end else if (mul_en_i) begin
        // Place a product: a negative shift (bf16 only) moves it right here. A product that is
        // special or too large contributes zero to the sum and only raises a flag; the significand
        // of two normal bf16 is 2^14 or more, so a shift of 81 always is too large, and 79 never.
        w_special     = (w_i[14:10] == 5'd31) && (!is_bf16 || (w_i[9:7] == 3'd7));
        w_no_fraction = (w_i[6:0] == 7'd0) && (is_bf16 || (w_i[9:7] == 3'd0));
        w_nan         = w_special && !w_no_fraction;
        w_inf         = w_special && w_no_fraction;

        shift  = 10'(signed'(x_exp)) + 10'(w_exp);
        below  = shift[9];
        cut    = (shift[8:4] == 5'd31) ? {1'b0, product[15:1]} >> ~shift[3:0] : 16'd0;
        beyond = !below &&
                 ((shift[8:0] > MOST_SHIFT) || ((shift[8:0] == MOST_SHIFT) && product[15]));
        p_nan  = w_nan || x_nan || (w_inf && (x_sig == '0)) || (x_inf && (w_sig == '0));
        p_inf  = (w_inf || x_inf || beyond) && !p_nan;
        p_sig  = (p_nan || p_inf) ? 22'd0 : (below ? {6'd0, cut} : product);

        term_q <= {p_nan, p_inf, w_i[15] ^ x_sgn, below ? 7'd0 : shift[6:0], 2'b00, p_sig};
      end
    end
  end

  // A stage: align and accumulate. The only feedback is the 96-bit addition.
  logic [tcc_pkg::BANKS*ACC_W-1:0]  acc_q;
  logic [tcc_pkg::BANKS*FLAG_W-1:0] flags_q;

  always_ff @(posedge clk_i) begin
    if (acc_en_i) begin : accumulate
      logic              t_nan, t_inf, t_sgn, t_neg, infinite;
      logic [SH_W-1:0]   t_sh;
      logic [SIG_W-1:0]  t_sig;
      logic [ACC_W-1:0]  base, mag, sum;
      logic [FLAG_W-1:0] flags_base;

      base       = '0;
      flags_base = '0;
      for (int b = 0; b < tcc_pkg::BANKS; b++) begin
        if (!acc_clr_i && (acc_bank_i == tcc_pkg::BANK_W'(b))) begin
          base       = base | acc_q[ACC_W*b +: ACC_W];
          flags_base = flags_base | flags_q[FLAG_W*b +: FLAG_W];
        end
      end

      {t_nan, t_inf, t_sgn, t_sh, t_sig} = term_q;
      t_neg    = t_sgn || t_ext_q;
      mag      = (ACC_W'(t_sig) << t_sh) |
                 {{(ACC_W - SIG_W - tcc_pkg::INT_LSB){t_ext_q}},
                  {(SIG_W + tcc_pkg::INT_LSB){1'b0}}};
      sum      = base + (t_sgn ? ~mag : mag) + ACC_W'(t_sgn);
      infinite = t_inf || ((base[ACC_W-1] == t_neg) && (sum[ACC_W-1] != t_neg));

      for (int b = 0; b < tcc_pkg::BANKS; b++) begin
        if (acc_bank_i == tcc_pkg::BANK_W'(b)) begin
          acc_q[ACC_W*b +: ACC_W]     <= sum;
          flags_q[FLAG_W*b +: FLAG_W] <=
              flags_base | {t_nan, infinite && t_neg, infinite && !t_neg};
        end
      end
    end
  end

  always_comb begin
    acc_o   = '0;
    flags_o = '0;
    if (rd_en_i) begin
      for (int b = 0; b < tcc_pkg::BANKS; b++) begin
        if (rd_bank_i == tcc_pkg::BANK_W'(b)) begin
          acc_o   = acc_o | acc_q[ACC_W*b +: ACC_W];
          flags_o = flags_o | flags_q[FLAG_W*b +: FLAG_W];
        end
      end
    end
  end

endmodule
