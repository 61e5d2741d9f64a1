// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One 16-bit lane of the vector unit.
//
// Purpose      Every operation of a vector instruction that a lane does alone.
//
//   add sub mul fma       operands of --> tcc_fp16_fma -----------------------+
//   max min lt sel mov    compare, choose --> tcc_fp_cvt (moves it) -------+  +--> result_o
//   conversions           a ----------------> tcc_fp_cvt ------------------+--+
//
// Protocol     No handshake and no stall: the operands of every edge give a result.
//
//   op_i  VOP_    result_o                       op_i  VOP_    result_o
//   ADD           a + b                          LT            a < b ? 0xFFFF : 0
//   SUB           a - b                          SEL           c[15] ? a : b
//   MUL           a * b                          MOV           a
//   FMA           a * b + c, rounded once        F16_BF16      a to bf16
//   MAX           the larger of a and b          BF16_F16      a to fp16
//   MIN           the smaller of a and b         F16_I8        a to int8, sign-extended
//   PACK          {b[7:0], a[7:0]}               I8_F16        a[7:0] to fp16
//
// Latency      tcc_vec_pkg::VLANE_LATENCY (3) cycles; behind its last register is one multiplexer.
// Throughput   1 a cycle.
// Assumes      op_i is one of the above.
// Special      Arithmetic as in tcc_fp16_fma, conversions as in tcc_fp_cvt. MAX and MIN are
//              IEEE 754-2019's maximumNumber and minimumNumber: a number wins over a NaN, two NaNs
//              give 0x7E00, -0 is below +0. LT has no order with a NaN, and -0 equals +0. SEL, MOV
//              and PACK do not look at the bits they pass.
// Parameters   none.
module tcc_vlane (
  input  logic                          clk_i,

  input  logic [tcc_vec_pkg::VOP_W-1:0] op_i,
  input  logic [15:0]                   a_i,
  input  logic [15:0]                   b_i,
  input  logic [15:0]                   c_i,
  output logic [15:0]                   result_o
);

  // Arithmetic: an addition multiplies by one, a multiplication adds -0, which leaves the sign of
  // its zeros.
  logic        additive;
  logic [15:0] factor, addend, fma_result;

  assign additive = (op_i == tcc_vec_pkg::VOP_ADD) || (op_i == tcc_vec_pkg::VOP_SUB);
  assign factor   = additive ? tcc_vec_pkg::FP16_ONE : b_i;

  always_comb begin
    addend = c_i;
    if (op_i == tcc_vec_pkg::VOP_ADD) addend = b_i;
    if (op_i == tcc_vec_pkg::VOP_SUB) addend = {!b_i[15], b_i[14:0]};
    if (op_i == tcc_vec_pkg::VOP_MUL) addend = tcc_vec_pkg::FP16_NEG_ZERO;
  end

  tcc_fp16_fma u_fma (
    .clk_i    (clk_i),
    .a_i      (a_i),
    .b_i      (factor),
    .c_i      (addend),
    .result_o (fma_result)
  );

  // Comparison of encodings: sign and magnitude. below is a < b with -0 below +0; for equal
  // operands it does not matter but to LT.
  logic a_nan, b_nan, mag_below, mag_equal, below, less, choose_a;

  assign a_nan     = a_i[14:0] > tcc_vec_pkg::FP16_INF[14:0];
  assign b_nan     = b_i[14:0] > tcc_vec_pkg::FP16_INF[14:0];
  assign mag_below = a_i[14:0] < b_i[14:0];
  assign mag_equal = a_i[14:0] == b_i[14:0];
  assign below     = (a_i[15] == b_i[15]) ? mag_below ^ a_i[15] : a_i[15];
  assign less      = below && !(mag_equal && ((a_i[15] == b_i[15]) || (a_i[14:0] == 15'd0))) &&
                     !a_nan && !b_nan;
  assign choose_a  = b_nan || (!a_nan && (below ^ (op_i == tcc_vec_pkg::VOP_MAX)));

  // What the converter gets: an operand, or the result, to be moved.
  logic [15:0]                   value, cvt_result;
  logic [tcc_vec_pkg::FMT_W-1:0] from, to;

  always_comb begin
    value = a_i;
    from  = tcc_vec_pkg::FMT_F16;
    to    = tcc_vec_pkg::FMT_F16;
    case (op_i)
      tcc_vec_pkg::VOP_MAX, tcc_vec_pkg::VOP_MIN: begin
        value = choose_a ? a_i : b_i;
        if (a_nan && b_nan) value = tcc_vec_pkg::FP16_NAN;
      end
      tcc_vec_pkg::VOP_LT:       value = {16{less}};
      tcc_vec_pkg::VOP_SEL:      value = c_i[15] ? a_i : b_i;
      tcc_vec_pkg::VOP_PACK:     value = {b_i[7:0], a_i[7:0]};
      tcc_vec_pkg::VOP_F16_BF16: to    = tcc_vec_pkg::FMT_BF16;
      tcc_vec_pkg::VOP_BF16_F16: from  = tcc_vec_pkg::FMT_BF16;
      tcc_vec_pkg::VOP_F16_I8:   to    = tcc_vec_pkg::FMT_I8;
      tcc_vec_pkg::VOP_I8_F16:   from  = tcc_vec_pkg::FMT_I8;
      default: ;
    endcase
  end

  tcc_fp_cvt #(
    .Wide (1'b0)
  ) u_cvt (
    .clk_i    (clk_i),
    .from_i   (from),
    .to_i     (to),
    .value_i  (value),
    .result_o (cvt_result)
  );

  // Which unit it was.
  logic                                  arithmetic;
  logic [tcc_vec_pkg::VLANE_LATENCY-1:0] arithmetic_q;

  assign arithmetic = additive || (op_i == tcc_vec_pkg::VOP_MUL) || (op_i == tcc_vec_pkg::VOP_FMA);

  always_ff @(posedge clk_i) begin
    arithmetic_q <= {arithmetic_q[tcc_vec_pkg::VLANE_LATENCY-2:0], arithmetic};
  end

  assign result_o = arithmetic_q[tcc_vec_pkg::VLANE_LATENCY-1] ? fma_result : cvt_result;

endmodule
