// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Exact accumulator to fp16 or fp32, round to nearest, ties to even.
//
// Purpose      The one rounding of a dot product: 96-bit fixed point (least significant bit 2^-48)
//              to fp16 or fp32.
// Protocol     Two stages with enables and no stall: load_i takes acc_i/flags_i into the operand
//              register; abs_i, the next cycle, takes sign and magnitude; the result is
//              combinational from there and stays until abs_i.
// Latency      2 cycles from load_i to result_o.
// Throughput   1 a cycle.
// Assumes      fp32_i and relu_i are stable from abs_i until the result is used.
// Special      NaN: canonical (0x7e00, 0x7fc00000), also for opposite infinities. Infinities keep
//              their sign. A sum of zero is +0. relu_i turns negative results into +0 and leaves
//              NaN. fp16 overflow becomes infinity and fp16 subnormals are rounded once; fp32 can
//              neither overflow nor be subnormal from this accumulator.
// Parameters   none.
module tcc_acc_cvt (
  input  logic                         clk_i,

  input  logic                         load_i,
  input  logic [tcc_pkg::ACC_W-1:0]     acc_i,
  input  logic [tcc_pkg::ACC_FLAG_W-1:0] flags_i,   // {nan, negative infinity, positive infinity}

  input  logic                         abs_i,
  input  logic                         fp32_i,    // 1: fp32, 0: fp16 in result_o[15:0]
  input  logic                         relu_i,
  output logic [31:0]                  result_o
);

  localparam int LAST_BIT = tcc_pkg::ACC_W - 1;

  // Operand, then sign and magnitude.
  logic [tcc_pkg::ACC_W-1:0]     acc_q, mag_q;
  logic [tcc_pkg::ACC_FLAG_W-1:0] flags_q;
  logic                         sgn_q, nan_q, inf_q;

  always_ff @(posedge clk_i) begin
    if (load_i) begin
      acc_q   <= acc_i;
      flags_q <= flags_i;
    end
    if (abs_i) begin
      mag_q <= acc_q[LAST_BIT] ? ~acc_q + tcc_pkg::ACC_W'(1) : acc_q;
      nan_q <= flags_q[2] || (flags_q[1] && flags_q[0]);
      inf_q <= flags_q[1] || flags_q[0];
      sgn_q <= (flags_q != '0) ? flags_q[1] : acc_q[LAST_BIT];
    end
  end

  // Normalise: shift left until bit 95 is set; lz counts the shift. All-zero stays zero.
  logic [tcc_pkg::ACC_W-1:0] norm;
  logic [6:0]               lz;

  always_comb begin
    norm = mag_q;
    lz   = 7'd0;
    if (norm[95:32] == '0) begin norm = norm << 64; lz = lz + 7'd64; end
    if (norm[95:64] == '0) begin norm = norm << 32; lz = lz + 7'd32; end
    if (norm[95:80] == '0) begin norm = norm << 16; lz = lz + 7'd16; end
    if (norm[95:88] == '0) begin norm = norm << 8;  lz = lz + 7'd8;  end
    if (norm[95:92] == '0) begin norm = norm << 4;  lz = lz + 7'd4;  end
    if (norm[95:94] == '0) begin norm = norm << 2;  lz = lz + 7'd2;  end
    if (!norm[95])         begin norm = norm << 1;  lz = lz + 7'd1;  end
  end

  // fp16: normal numbers have their leading one at bit 34 (2^-14) or above. Below, the last place
  // is bit 24 (2^-24) whatever the value, so a subnormal needs no shift. Rounding up carries into
  // the exponent by itself. A finite result was shifted by 32 or more, so its last 32 bits are
  // zero.
  logic [6:0]  lead;
  logic        h_normal, h_up;
  logic [14:0] h_trunc, h_round;

  assign lead     = 7'd95 - lz;
  assign h_normal = (lead >= 7'd34) && norm[95];
  assign h_trunc  = h_normal ? {5'(lead - 7'd33), norm[94:85]} : {5'd0, mag_q[33:24]};
  assign h_up     = h_normal ? norm[84] && (norm[85] || (norm[83:32] != '0))
                             : mag_q[23] && (mag_q[24] || (mag_q[22:0] != '0));
  assign h_round  = (h_normal && (lead >= 7'd64)) ? 15'h7c00 : h_trunc + 15'(h_up);

  // fp32: exponent field lead - 48 + 127 = lead + 79 lies in 79..174.
  logic        s_up;
  logic [30:0] s_round;

  assign s_up    = norm[71] && (norm[72] || (norm[70:0] != '0));
  assign s_round = norm[95] ? {8'(lead) + 8'd79, norm[94:72]} + 31'(s_up) : 31'd0;

  // Specials and the choice of format.
  always_comb begin
    result_o = fp32_i ? {sgn_q, s_round} : {16'd0, sgn_q, h_round};
    if (nan_q) begin
      result_o = fp32_i ? 32'h7fc0_0000 : 32'h0000_7e00;
    end else if (relu_i && sgn_q) begin
      result_o = 32'd0;
    end else if (inf_q) begin
      result_o = fp32_i ? {sgn_q, 31'h7f80_0000} : {16'd0, sgn_q, 15'h7c00};
    end
  end

endmodule
