// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Exact accumulator to fp16, bf16 or fp32, round to nearest, ties to even; or to int32.
//
// Purpose      The one rounding of a dot product: 96-bit fixed point (least significant bit 2^-48)
//              to the format of the read-out.
// Protocol     Two stages with enables and no stall: load_i takes acc_i/flags_i into the operand
//              register; abs_i, the next cycle, takes sign and magnitude; the result is
//              combinational from there, in the next cycle alone.
// Latency      2 cycles from load_i to result_o.
// Throughput   1 a cycle.
// Assumes      format_i and relu_i are stable from abs_i until the result is used.
// Special      NaN: canonical (0x7e00, 0x7fc0, 0x7fc00000), also for opposite infinities.
//              Infinities keep their sign. A sum of zero is +0. relu_i turns negative results into
//              +0 and leaves NaN. fp16 overflow becomes infinity and fp16 subnormals are rounded
//              once; bf16 and fp32 can neither overflow nor be subnormal from this accumulator.
//              int32 takes the bits of weight 2^0 and up (exact for sums of int8, else the floor),
//              saturates, and gives the largest number for NaN, as RISC-V's conversions do.
// Parameters   none.
module tcc_acc_cvt (
  input  logic                           clk_i,

  input  logic                           load_i,
  input  logic [tcc_pkg::ACC_W-1:0]      acc_i,
  input  logic [tcc_pkg::ACC_FLAG_W-1:0] flags_i,   // {nan, negative infinity, positive infinity}

  input  logic                           abs_i,
  input  logic [tcc_pkg::FORMAT_W-1:0]   format_i,  // 16-bit formats: in result_o[15:0]
  input  logic                           relu_i,
  output logic [31:0]                    result_o
);

  localparam int LAST_BIT = tcc_pkg::ACC_W - 1;

  // Operand, then sign and magnitude; int32 stays two's complement.
  logic [tcc_pkg::ACC_W-1:0]      acc_q, mag_q;
  logic [tcc_pkg::ACC_FLAG_W-1:0] flags_q;
  logic                           sgn_q, nan_q, inf_q, is_int32;

  assign is_int32 = format_i == tcc_pkg::FORMAT_INT32;

  always_ff @(posedge clk_i) begin
    if (load_i) begin
      acc_q   <= acc_i;
      flags_q <= flags_i;
    end
    if (abs_i) begin
      mag_q <= (acc_q[LAST_BIT] && !is_int32) ? ~acc_q + tcc_pkg::ACC_W'(1) : acc_q;
      nan_q <= flags_q[2] || (flags_q[1] && flags_q[0]);
      inf_q <= flags_q[1] || flags_q[0];
      sgn_q <= (flags_q != '0) ? flags_q[1] : acc_q[LAST_BIT];
    end
  end

  localparam int INT_SIGN = tcc_pkg::INT_LSB + 31;

  function automatic logic [31:0] convert(
    input logic [tcc_pkg::ACC_W-1:0]    mag,
    input logic                         sgn,
    input logic                         is_nan,
    input logic                         is_inf,
    input logic [tcc_pkg::FORMAT_W-1:0] format,
    input logic                         relu
  );
    logic [tcc_pkg::ACC_W-1:0] norm;
    logic [6:0]                lz, lead;
    logic                      h_normal, h_up, s_up, b_up, i_fits;
    logic [14:0]               h_trunc, h_round, b_round;
    logic [7:0]                s_exp;
    logic [30:0]               s_round;
    logic [31:0]               i_end, i_round, finite, infinite, nan;

    // Normalise: shift left until bit 95 is set; lz counts the shift. All-zero stays zero.
    norm = mag;
    lz   = 7'd0;
    if (norm[95:32] == '0) begin norm = norm << 64; lz = lz + 7'd64; end
    if (norm[95:64] == '0) begin norm = norm << 32; lz = lz + 7'd32; end
    if (norm[95:80] == '0) begin norm = norm << 16; lz = lz + 7'd16; end
    if (norm[95:88] == '0) begin norm = norm << 8;  lz = lz + 7'd8;  end
    if (norm[95:92] == '0) begin norm = norm << 4;  lz = lz + 7'd4;  end
    if (norm[95:94] == '0) begin norm = norm << 2;  lz = lz + 7'd2;  end
    if (!norm[95])         begin norm = norm << 1;  lz = lz + 7'd1;  end

    // fp16: normal numbers have their leading one at bit 34 (2^-14) or above. Below, the last
    // place is bit 24 (2^-24) whatever the value, so a subnormal needs no shift. Rounding up
    // carries into the exponent by itself. A finite result was shifted by 32 or more, so its last
    // 32 bits are zero.
    lead     = 7'd95 - lz;
    h_normal = (lead >= 7'd34) && norm[95];
    h_trunc  = h_normal ? {5'(lead - 7'd33), norm[94:85]} : {5'd0, mag[33:24]};
    h_up     = h_normal ? norm[84] && (norm[85] || (norm[83:32] != '0))
                        : mag[23] && (mag[24] || (mag[22:0] != '0));
    h_round  = (h_normal && (lead >= 7'd64)) ? 15'h7c00 : h_trunc + 15'(h_up);

    // fp32, bf16: exponent field lead - 48 + 127 = lead + 79 lies in 79..174.
    s_exp   = 8'(lead) + 8'd79;
    s_up    = norm[71] && (norm[72] || (norm[70:0] != '0));
    s_round = norm[95] ? {s_exp, norm[94:72]} + 31'(s_up) : 31'd0;
    b_up    = norm[87] && (norm[88] || (norm[86:0] != '0));
    b_round = norm[95] ? {s_exp, norm[94:88]} + 15'(b_up) : 15'd0;

    // int32: the bits above must be copies of its sign.
    i_fits  = (mag[LAST_BIT:INT_SIGN] == '0) || (mag[LAST_BIT:INT_SIGN] == '1);
    i_end   = {sgn, {31{!sgn}}};
    i_round = i_fits ? mag[INT_SIGN:tcc_pkg::INT_LSB] : i_end;

    // The choice of format, and specials.
    case (format)
      tcc_pkg::FORMAT_FP16: begin
        finite   = {16'd0, sgn, h_round};
        infinite = {16'd0, sgn, 15'h7c00};
        nan      = 32'h0000_7e00;
      end
      tcc_pkg::FORMAT_BF16: begin
        finite   = {16'd0, sgn, b_round};
        infinite = {16'd0, sgn, 15'h7f80};
        nan      = 32'h0000_7fc0;
      end
      tcc_pkg::FORMAT_INT32: begin
        finite   = i_round;
        infinite = i_end;
        nan      = 32'h7fff_ffff;
      end
      default: begin
        finite   = {sgn, s_round};
        infinite = {sgn, 31'h7f80_0000};
        nan      = 32'h7fc0_0000;
      end
    endcase
    if (is_nan)           convert = nan;
    else if (relu && sgn) convert = 32'd0;
    else if (is_inf)      convert = infinite;
    else                  convert = finite;
  endfunction

  // Where nothing is to be converted, nothing moves.
  logic shown_q;

  always_ff @(posedge clk_i) shown_q <= abs_i;

  always_comb begin
    result_o = '0;
    if (shown_q) result_o = convert(mag_q, sgn_q, nan_q, inf_q, format_i, relu_i);
  end

endmodule
