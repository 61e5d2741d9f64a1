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
// Protocol     No handshake and no stall; step_i as in tcc_fp16_fma. Of the two units only the one
//              steps that the operation needs.
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
  input  logic                                  clk_i,
  input  logic [tcc_vec_pkg::VLANE_LATENCY-1:0] step_i,

  input  logic [tcc_vec_pkg::VOP_W-1:0]         op_i,
  input  logic [15:0]                           a_i,
  input  logic [15:0]                           b_i,
  input  logic [15:0]                           c_i,
  output logic [15:0]                           result_o
);

  localparam int STAGES = tcc_vec_pkg::VLANE_LATENCY;

  // Which unit it is, and which it was.
  logic              additive, arithmetic;
  logic [STAGES-1:0] arithmetic_q, fma_step, cvt_step;

  assign additive   = (op_i == tcc_vec_pkg::VOP_ADD) || (op_i == tcc_vec_pkg::VOP_SUB);
  assign arithmetic = additive || (op_i == tcc_vec_pkg::VOP_MUL) || (op_i == tcc_vec_pkg::VOP_FMA);
  assign fma_step   = step_i & {arithmetic_q[STAGES-2:0], arithmetic};
  assign cvt_step   = step_i & ~{arithmetic_q[STAGES-2:0], arithmetic};

  for (genvar s = 0; s < STAGES; s++) begin : gen_stage
    always_ff @(posedge clk_i) begin
      if (step_i[s]) arithmetic_q[s] <= fma_step[s];
    end
  end

  // Arithmetic: an addition multiplies by one, a multiplication adds -0, which leaves the sign of
  // its zeros.
  logic [15:0] factor, addend, fma_result;

  always_comb begin
    factor = b_i;
    addend = c_i;
    if (fma_step[0]) begin
      if (additive)                     factor = tcc_vec_pkg::FP16_ONE;
      if (op_i == tcc_vec_pkg::VOP_ADD) addend = b_i;
      if (op_i == tcc_vec_pkg::VOP_SUB) addend = {!b_i[15], b_i[14:0]};
      if (op_i == tcc_vec_pkg::VOP_MUL) addend = tcc_vec_pkg::FP16_NEG_ZERO;
    end
  end

  tcc_fp16_fma u_fma (
    .clk_i    (clk_i),
    .step_i   (fma_step),
    .a_i      (a_i),
    .b_i      (factor),
    .c_i      (addend),
    .result_o (fma_result)
  );

  // What the converter gets: an operand, or the result, to be moved. Comparison is of encodings,
  // sign and magnitude: below is a < b with -0 below +0; for equal operands it does not matter but
  // to LT.
  logic                          a_nan, b_nan, mag_below, mag_equal, below, less, choose_a;
  logic [15:0]                   value, cvt_result;
  logic [tcc_vec_pkg::FMT_W-1:0] from, to;

  always_comb begin
    value     = a_i;
    from      = tcc_vec_pkg::FMT_F16;
    to        = tcc_vec_pkg::FMT_F16;
    a_nan     = 1'b0;
    b_nan     = 1'b0;
    mag_below = 1'b0;
    mag_equal = 1'b0;
    below     = 1'b0;
    less      = 1'b0;
    choose_a  = 1'b0;
    if (cvt_step[0]) begin
      a_nan     = a_i[14:0] > tcc_vec_pkg::FP16_INF[14:0];
      b_nan     = b_i[14:0] > tcc_vec_pkg::FP16_INF[14:0];
      mag_below = a_i[14:0] < b_i[14:0];
      mag_equal = a_i[14:0] == b_i[14:0];
      below     = (a_i[15] == b_i[15]) ? mag_below ^ a_i[15] : a_i[15];
      less      = below && !a_nan && !b_nan &&
                  !(mag_equal && ((a_i[15] == b_i[15]) || (a_i[14:0] == 15'd0)));
      choose_a  = b_nan || (!a_nan && (below ^ (op_i == tcc_vec_pkg::VOP_MAX)));
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
  end

  tcc_fp_cvt #(
    .Wide (1'b0)
  ) u_cvt (
    .clk_i    (clk_i),
    .step_i   (cvt_step),
    .from_i   (from),
    .to_i     (to),
    .value_i  (value),
    .result_o (cvt_result)
  );

  assign result_o = arithmetic_q[STAGES-1] ? fma_result : cvt_result;

endmodule
