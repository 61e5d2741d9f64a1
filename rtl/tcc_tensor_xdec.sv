// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Decodes an activation, once for all lanes.
//
// Purpose      A 16-bit slot of x as fp16, bf16 or two int8, in the one form that every lane
//              multiplies by its weight.
// Protocol     Combinational.
// Latency      0 cycles.
// Throughput   1 a cycle.
// Form         fp16, bf16: significand with hidden bit; an exponent to which a lane adds its
//              weight's (field - 1, or 0 for a subnormal) to get the left shift of the product in
//              units of 2^-48, negative where bf16 lies below. int8: the magnitude of the low byte
//              in the significand, that of the high byte in the exponent, and both signs.
// Assumes      type_i is not TYPE_NONE.
// Parameters   none.
module tcc_tensor_xdec (
  input  logic [tcc_pkg::TYPE_W-1:0] type_i,
  input  logic [15:0]                x_i,
  output logic [tcc_pkg::XD_W-1:0]   xd_o   // {sign of high int8, nan, inf, sign, exponent, sig.}
);

  // A bf16 is significand * 2^(e - 133) with e = exponent field - 1 or 0, so a product of two, in
  // units of 2^-48, is shifted left by the sum of both e - 218. fp16 needs no offset: both e are 0
  // for the product of two smallest subnormals, which is one unit.
  localparam logic [tcc_pkg::X_EXP_W-1:0] BF16_OFFSET = 9'd218;

  logic       is_bf16, is_int8, normal, special, no_fraction;
  logic [7:0] field, low, high;

  assign is_bf16     = type_i == tcc_pkg::TYPE_BF16;
  assign is_int8     = type_i == tcc_pkg::TYPE_INT8;
  assign field       = is_bf16 ? x_i[14:7] : {3'd0, x_i[14:10]};
  assign normal      = field != 8'd0;
  assign special     = !is_int8 && (field == (is_bf16 ? 8'd255 : 8'd31));
  assign no_fraction = (x_i[6:0] == 7'd0) && (is_bf16 || (x_i[9:7] == 3'd0));
  assign low         = x_i[7] ? 8'd0 - x_i[7:0] : x_i[7:0];
  assign high        = x_i[15] ? 8'd0 - x_i[15:8] : x_i[15:8];

  logic                        sgn;
  logic [tcc_pkg::X_EXP_W-1:0] e, exponent;
  logic [tcc_pkg::X_SIG_W-1:0] sig;

  assign e = {1'b0, field} - {8'd0, normal};
  always_comb begin
    sgn      = x_i[15];
    exponent = e;
    sig      = {normal, x_i[9:0]};
    if (is_bf16) begin
      exponent = e - BF16_OFFSET;
      sig      = {3'd0, normal, x_i[6:0]};
    end else if (is_int8) begin
      sgn      = x_i[7];
      exponent = {1'b0, high};
      sig      = {3'd0, low};
    end
  end

  assign xd_o = {x_i[15], special && !no_fraction, special && no_fraction, sgn, exponent, sig};

endmodule
