// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One lane of the tensor engine: fp16 x fp16 products, and decoded fp32 values, summed exactly.
//
// Purpose      Multiply a weight by the broadcast activation and add the exact 22-bit product into
//              one of two 96-bit fixed-point accumulators (least significant bit 2^-48). No
//              rounding happens here, so the sum does not depend on the order of its terms.
//              Subnormals count in full. NaN and the infinities are sticky flags.
// Protocol     M stage: mul_en_i takes w_i * xd_i, or add_en_i takes addend_i, into the product
//              register. A stage (the next cycle): acc_en_i adds the product register into bank
//              acc_bank_i; acc_clr_i starts that bank from zero. acc_o and flags_o show bank
//              rd_bank_i.
// Latency      2 cycles from operand to accumulator; the accumulate loop is one 96-bit addition.
// Throughput   1 term a cycle, any mix of banks.
// Assumes      At most 32768 products between two clears never overflow; beyond that an overflow is
//              not silent, it sets the infinity flag of the addend's sign. A bank is cleared
//              (acc_clr_i) before its first use. An addend that is NaN or infinite has significand
//              0.
// Parameters   none (paper: VLEN / 16 of these lanes make the engine).
module tcc_fp16_mac (
  input  logic                          clk_i,

  // M stage
  input  logic                          mul_en_i,
  input  logic [15:0]                   w_i,        // fp16
  input  logic [tcc_pkg::XD_W-1:0]       xd_i,       // {nan, inf, sign, exp - 1, significand}
  input  logic                          add_en_i,
  input  logic [tcc_pkg::ADDEND_W-1:0]   addend_i,   // {nan, inf, sign, shift, significand}

  // A stage
  input  logic                          acc_en_i,
  input  logic                          acc_clr_i,
  input  logic                          acc_bank_i,

  // Read-out
  input  logic                          rd_bank_i,
  output logic [tcc_pkg::ACC_W-1:0]      acc_o,
  output logic [tcc_pkg::ACC_FLAG_W-1:0]  flags_o     // {nan, negative infinity, positive infinity}
);

  // Decode both operands.
  logic        x_nan, x_inf, x_sgn, w_nan, w_inf, w_normal;
  logic [4:0]  x_exp, w_exp;
  logic [10:0] x_sig, w_sig;

  assign {x_nan, x_inf, x_sgn, x_exp, x_sig} = xd_i;
  assign w_normal = w_i[14:10] != 5'd0;
  assign w_sig    = {w_normal, w_i[9:0]};
  assign w_exp    = w_i[14:10] - {4'd0, w_normal};
  assign w_nan    = (w_i[14:10] == 5'd31) && (w_i[9:0] != 10'd0);
  assign w_inf    = (w_i[14:10] == 5'd31) && (w_i[9:0] == 10'd0);

  // Multiply. A special operand contributes zero to the sum and only raises a flag.
  logic        p_nan, p_inf;
  logic [21:0] p_sig;
  logic [6:0]  p_sh;

  assign p_nan = w_nan || x_nan || (w_inf && (x_sig == 11'd0)) || (x_inf && (w_sig == 11'd0));
  assign p_inf = (w_inf || x_inf) && !p_nan;
  assign p_sig = (p_nan || p_inf) ? 22'd0 : 22'(w_sig) * 22'(x_sig);
  assign p_sh  = 7'(w_exp) + 7'(x_exp);

  logic [tcc_pkg::ADDEND_W-1:0] term_q;

  always_ff @(posedge clk_i) begin
    if (mul_en_i) begin
      term_q <= {p_nan, p_inf, w_i[15] ^ x_sgn, p_sh, 2'b00, p_sig};
    end else if (add_en_i) begin
      term_q <= addend_i;
    end
  end

  // Align and accumulate: the only feedback is the 96-bit addition.
  logic                         t_nan, t_inf, t_sgn;
  logic [tcc_pkg::SH_W-1:0]      t_sh;
  logic [tcc_pkg::SIG_W-1:0]     t_sig;
  logic [tcc_pkg::ACC_W-1:0]     acc0_q, acc1_q, base, mag, sum;
  logic [tcc_pkg::ACC_FLAG_W-1:0] flags0_q, flags1_q, flags_base, flags_new;
  logic                         overflow, infinite;

  assign {t_nan, t_inf, t_sgn, t_sh, t_sig} = term_q;
  assign mag        = tcc_pkg::ACC_W'(t_sig) << t_sh;
  assign base       = acc_clr_i ? '0 : (acc_bank_i ? acc1_q : acc0_q);
  assign flags_base = acc_clr_i ? '0 : (acc_bank_i ? flags1_q : flags0_q);
  assign sum        = base + (t_sgn ? ~mag : mag) + tcc_pkg::ACC_W'(t_sgn);
  assign overflow   = (base[tcc_pkg::ACC_W-1] == t_sgn) && (sum[tcc_pkg::ACC_W-1] != t_sgn) &&
                      (mag != '0);
  assign infinite   = t_inf || overflow;
  assign flags_new  = flags_base | {t_nan, infinite && t_sgn, infinite && !t_sgn};

  always_ff @(posedge clk_i) begin
    if (acc_en_i && !acc_bank_i) begin
      acc0_q   <= sum;
      flags0_q <= flags_new;
    end
    if (acc_en_i && acc_bank_i) begin
      acc1_q   <= sum;
      flags1_q <= flags_new;
    end
  end

  assign acc_o   = rd_bank_i ? acc1_q : acc0_q;
  assign flags_o = rd_bank_i ? flags1_q : flags0_q;

endmodule
