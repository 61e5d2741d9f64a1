// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Multiplication and division of the scalar core: the eight operations of RV32M.
//
// Purpose      Executes MUL, MULH, MULHSU, MULHU, DIV, DIVU, REM, REMU. Division by zero and the
//              overflow of the least number by -1 give what the manual says; nothing traps.
// Protocol     valid/ready on both sides; op_i is funct3. A result stays until it is taken, and
//              the unit takes nothing new before.
// Latency      3 cycles for a product, Width + 2 for a quotient or remainder (the result is valid
//              that many cycles after the operands were).
// Throughput   one operation at a time.
// Assumes      nothing.
// Parameters   Width: 32 in a core; fewer to prove the unit on every pair of operands.
`include "tcc_assert.svh"

module tcc_muldiv #(
  parameter int Width = 32
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             clear_i,  // gives up what it is at

  input  logic             valid_i,
  output logic             ready_o,
  input  logic [2:0]       op_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,

  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] result_o
);

  localparam logic [1:0] MUL    = 2'd0;  // op_q of the products
  localparam logic [1:0] MULHSU = 2'd2;
  localparam logic [1:0] MULHU  = 2'd3;

  localparam logic [2:0] IDLE     = 3'd0;
  localparam logic [2:0] MULTIPLY = 3'd1;  // operands are registered, then the product is
  localparam logic [2:0] SELECT   = 3'd2;
  localparam logic [2:0] DIVIDE   = 3'd3;  // a bit of the quotient a cycle
  localparam logic [2:0] SIGN     = 3'd4;
  localparam logic [2:0] DONE     = 3'd5;

  localparam int COUNT_W = $clog2(Width);
  localparam logic [COUNT_W-1:0] LAST = COUNT_W'(Width - 1);

  logic [2:0]         state_q;
  logic [1:0]         op_q;  // funct3 without its top bit, which the state knows
  logic [Width-1:0]   a_q, b_q, result_q;
  logic               accept, is_division, is_remainder;
  logic [COUNT_W-1:0] count_q;

  assign ready_o  = state_q == IDLE;
  assign valid_o  = state_q == DONE;
  assign result_o = result_q;
  assign accept   = valid_i && ready_o;

  assign is_division  = op_i[2];
  assign is_remainder = op_q[1];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= IDLE;
    end else if (clear_i) begin
      state_q <= IDLE;
    end else begin
      case (state_q)
        IDLE:     if (valid_i) state_q <= is_division ? DIVIDE : MULTIPLY;
        MULTIPLY: state_q <= SELECT;
        SELECT:   state_q <= DONE;
        DIVIDE:   if (count_q == LAST) state_q <= SIGN;
        SIGN:     state_q <= DONE;
        DONE:     if (ready_i) state_q <= IDLE;
        default:  state_q <= IDLE;
      endcase
    end
  end

  // Products: one multiplier of signed numbers, a bit wider than the operands.
  logic signed [Width:0]     factor_a, factor_b;
  logic signed [2*Width+1:0] product;
  logic [2*Width-1:0]        product_q;

  assign factor_a = {(op_q != MULHU) && a_q[Width-1], a_q};
  assign factor_b = {(op_q != MULHU) && (op_q != MULHSU) && b_q[Width-1], b_q};
  assign product  = factor_a * factor_b;

  // Quotients: restoring division of the magnitudes, then the signs. b_q holds the divisor, a_q the
  // dividend, whose bits leave at the top while those of the quotient enter at the bottom.
  logic [Width-1:0] magnitude_a, magnitude_b, rest_q, quotient, remainder;
  logic [Width:0]   next_rest, reduced;
  logic             signed_op, negate_quotient_q, negate_remainder_q, fits;

  assign signed_op   = !op_i[0];
  assign magnitude_a = (signed_op && a_i[Width-1]) ? -a_i : a_i;
  assign magnitude_b = (signed_op && b_i[Width-1]) ? -b_i : b_i;
  assign next_rest   = {rest_q, a_q[Width-1]};
  assign reduced     = next_rest - {1'b0, b_q};
  assign fits        = !reduced[Width];
  assign quotient    = negate_quotient_q ? -a_q : a_q;
  assign remainder   = negate_remainder_q ? -rest_q : rest_q;

  always_ff @(posedge clk_i) begin
    case (state_q)
      IDLE: if (accept) begin
        op_q    <= op_i[1:0];
        a_q     <= is_division ? magnitude_a : a_i;
        b_q     <= is_division ? magnitude_b : b_i;
        rest_q  <= '0;
        count_q <= '0;
        // By zero every bit of the quotient is 1, whatever the signs.
        negate_quotient_q  <= signed_op && (a_i[Width-1] != b_i[Width-1]) && (b_i != '0);
        negate_remainder_q <= signed_op && a_i[Width-1];
      end
      MULTIPLY: product_q <= product[2*Width-1:0];
      SELECT:   result_q <= (op_q == MUL) ? product_q[Width-1:0] : product_q[2*Width-1:Width];
      DIVIDE: begin
        rest_q  <= fits ? reduced[Width-1:0] : next_rest[Width-1:0];
        a_q     <= {a_q[Width-2:0], fits};
        count_q <= count_q + COUNT_W'(1);
      end
      SIGN:    result_q <= is_remainder ? remainder : quotient;
      default: ;
    endcase
  end

  // The top bits of the product are copies of its sign.
  logic unused_sign;
  assign unused_sign = ^product[2*Width+1:2*Width];

  `ASSERT(RestBelowDivisor, (state_q != SIGN) || (b_q == '0) || (rest_q < b_q))
  `ASSERT(KnownState, state_q <= DONE)

endmodule
