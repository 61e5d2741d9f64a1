// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Conversions between fp16, bf16, fp32 and int8: any to any.
//
// Purpose      The narrow form stands in every vector lane, the wide one where fp32 passes. Both
//              unpack any source to fp32, which holds them all exactly, and round that once, to
//              nearest even.
//
//   unpack to fp32 --> [1] align, decide rounding --> [2] round, specials --> [3] result_o
//
// Protocol     No handshake and no stall; step_i as in tcc_fp16_fma. 16-bit formats are in the low
//              half; the high half of value_i is ignored, that of result_o is zero. int8 is read
//              from the low byte and written sign-extended to 16 bits. from_i equal to to_i moves
//              the bits unchanged.
// Latency      tcc_vec_pkg::VLANE_LATENCY (3) cycles; the result is a register.
// Throughput   1 a cycle.
// Assumes      Without Wide, neither from_i nor to_i is FMT_F32.
// Special      A NaN becomes the canonical one (0x7E00, 0x7FC0, 0x7FC00000), in int8 zero. int8
//              saturates, infinities too. Overflow of a float is infinity. Subnormals count in
//              full.
// Parameters   Wide: 32-bit ports and fp32, else 16-bit ports.
module tcc_fp_cvt #(
  parameter  bit Wide = 1'b1,
  localparam int PORT_W = Wide ? 32 : 16
) (
  input  logic                                  clk_i,
  input  logic [tcc_vec_pkg::VLANE_LATENCY-1:0] step_i,

  input  logic [tcc_vec_pkg::FMT_W-1:0]         from_i,
  input  logic [tcc_vec_pkg::FMT_W-1:0]         to_i,
  input  logic [PORT_W-1:0]                     value_i,
  output logic [PORT_W-1:0]                     result_o
);

  // Biased exponents of fp32.
  localparam logic [7:0] F16_SUBNORMAL = 8'd112;  // below fp16's smallest normal, by one place
  localparam logic [7:0] F16_OVERFLOW  = 8'd143;  // 2^16
  localparam logic [7:0] I8_OVERFLOW   = 8'd134;  // 2^7
  // With these exponents the last place of the target is at bit 13 of the 24-bit significand.
  localparam logic [7:0] F16_ALIGNED   = F16_SUBNORMAL + 8'd1;
  localparam logic [7:0] I8_ALIGNED    = 8'd137;
  localparam int         LAST          = 13;
  localparam logic [3:0] SHIFT_MAX     = 4'd15;   // leaves nothing but the sticky bit

  // Registers of stages 1 and 2.
  logic [31:0]                   word_q;
  logic [tcc_vec_pkg::FMT_W-1:0] to1_q;
  logic                          move_q;
  logic [tcc_vec_pkg::FMT_W-1:0] to2_q;
  logic                          sign_q, nan_q, over_q, up_q;
  logic [14:0]                   cut_q;
  logic [15:0]                   low_q;  // of fp32

  logic [31:0] raw;

  if (Wide) begin : gen_wide_in
    assign raw = (from_i == tcc_vec_pkg::FMT_F32) ? value_i : {value_i[15:0], 16'd0};
  end else begin : gen_narrow_in
    assign raw = {value_i, 16'd0};
  end

  // Stage 1. fp16 and int8 need normalising: 11 bits, the first of them worth 2^(first - 127).
  always_ff @(posedge clk_i) begin
    if (step_i[0]) begin : unpack
      logic        move, from_f16, from_i8;
      logic [31:0] word;
      logic [7:0]  int_mag, first;
      logic [10:0] sig, normal;
      logic [3:0]  zeros;
      logic        int_sign, f16_top;

      move     = from_i == to_i;
      from_f16 = (from_i == tcc_vec_pkg::FMT_F16) && !move;
      from_i8  = (from_i == tcc_vec_pkg::FMT_I8) && !move;
      int_sign = value_i[7];
      int_mag  = (value_i[7:0] ^ {8{int_sign}}) + 8'(int_sign);
      f16_top  = value_i[14:10] == 5'd31;
      sig      = from_i8 ? {int_mag, 3'd0} : {value_i[14:10] != 5'd0, value_i[9:0]};
      first    = from_i8 ? I8_OVERFLOW
                         : F16_SUBNORMAL + {3'd0, value_i[14:11],
                                            value_i[10] || (value_i[14:10] == 5'd0)};

      zeros = 4'd0;
      for (int i = 0; i < 11; i++) begin
        if (sig[i]) zeros = 4'(10 - i);
      end
      normal = sig << zeros;

      word = raw;
      if (from_f16 || from_i8) begin
        word[31]    = from_i8 ? int_sign : value_i[15];
        word[30:23] = first - {4'd0, zeros};
        word[22:0]  = {normal[9:0], 13'd0};
        if (!normal[10]) word[30:23] = 8'd0;
        if (from_f16 && f16_top) word[30:23] = 8'd255;
      end

      word_q <= word;
      move_q <= move;
      if (!move) to1_q <= to_i;
      else to1_q <= (Wide && (from_i == tcc_vec_pkg::FMT_F32)) ? tcc_vec_pkg::FMT_F32
                                                              : tcc_vec_pkg::FMT_BF16;
    end
  end

  // Stage 2. The upper half of an fp32 is a bf16; fp16 subnormals and int8 are shifted.
  always_ff @(posedge clk_i) begin
    if (step_i[1]) begin : align
      logic [7:0]  exponent;
      logic [8:0]  distance;
      logic [3:0]  shift;
      logic [38:0] shifted;
      logic        to_i8, to_f16, nan, over, up;
      logic [14:0] cut;

      to_i8    = to1_q == tcc_vec_pkg::FMT_I8;
      to_f16   = to1_q == tcc_vec_pkg::FMT_F16;
      exponent = word_q[30:23];
      distance = {1'b0, to_i8 ? I8_ALIGNED : F16_ALIGNED} - {1'b0, exponent};
      if (distance[8]) shift = 4'd0;
      else shift = (distance[7:4] != 4'd0) ? SHIFT_MAX : distance[3:0];
      shifted  = {exponent != 8'd0, word_q[22:0], 15'd0} >> shift;

      nan  = (exponent == 8'd255) && (word_q[22:0] != 23'd0) && !move_q;
      over = (to_i8 && (exponent >= I8_OVERFLOW)) || (to_f16 && (exponent >= F16_OVERFLOW));

      if (to_i8 || to_f16) begin
        cut = {5'd0, shifted[15+LAST +: 10]};
        if (to_f16 && shifted[15+LAST+10]) cut[14:10] = 5'(exponent - F16_SUBNORMAL);
        up  = shifted[14+LAST] && (shifted[15+LAST] || (shifted[13+LAST:0] != '0));
      end else begin
        cut = word_q[30:16];
        up  = (to1_q == tcc_vec_pkg::FMT_BF16) && word_q[15] &&
              (word_q[16] || (word_q[14:0] != 15'd0));
      end

      to2_q  <= to1_q;
      sign_q <= word_q[31];
      nan_q  <= nan;
      over_q <= over;
      up_q   <= up;
      cut_q  <= cut;
      low_q  <= word_q[15:0];
    end
  end

  // Stage 3. The carry of the fraction runs into the exponent.
  always_ff @(posedge clk_i) begin
    if (step_i[2]) begin : round
      logic [14:0] rounded;
      logic [15:0] half;

      rounded = cut_q + 15'(up_q);
      half    = {sign_q, rounded};
      case (to2_q)
        tcc_vec_pkg::FMT_F16: begin
          if (nan_q) half = tcc_vec_pkg::FP16_NAN;
          else if (over_q) half = {sign_q, tcc_vec_pkg::FP16_INF[14:0]};
        end
        tcc_vec_pkg::FMT_I8: begin
          if (nan_q) half = 16'd0;
          else if (over_q || (rounded[7] && !sign_q)) half = sign_q ? 16'hFF80 : 16'h007F;
          else half = ({1'b0, rounded} ^ {16{sign_q}}) + 16'(sign_q);
        end
        default: begin
          if (nan_q) half = tcc_vec_pkg::BF16_NAN;
        end
      endcase

      result_o <= PORT_W'(half);
      if (Wide && (to2_q == tcc_vec_pkg::FMT_F32)) begin
        result_o <= PORT_W'({half, nan_q ? 16'd0 : low_q});
      end
    end
  end

endmodule
