// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Integer unit of the scalar core: the ten register operations of RV32I and the six comparisons of
// its branches.
//
// Purpose      Executes OP and OP-IMM, and decides branches. LUI and AUIPC are additions whose
//              first operand the core chooses.
// Protocol     Combinational. op_i is {funct7[5], funct3} of an OP instruction; branch_i is the
//              funct3 of a BRANCH, of which codes 2 and 3 are no instruction (taken_o is low).
//
//   op_i  result_o        op_i  result_o           branch_i  taken_o
//   0000  a + b           0100  a ^ b              000  a == b     101  a >= b, signed
//   1000  a - b           0101  a >> b, logical    001  a != b     110  a <  b, unsigned
//   0001  a << b          1101  a >> b, arithm.    100  a <  b     111  a >= b, unsigned
//   0010  a < b, signed   0110  a | b
//   0011  a < b, unsig.   0111  a & b
//
// Latency      0 cycles.
// Throughput   1 a cycle.
// Assumes      op_i is one of the ten; anything else gives the result of its funct3 alone.
// Parameters   none; XDPNUM of them stand in a core.
module tcc_alu (
  input  logic [3:0]  op_i,
  input  logic [2:0]  branch_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] result_o,
  output logic        taken_o
);

  localparam logic [2:0] ADD  = 3'd0;
  localparam logic [2:0] SLL  = 3'd1;
  localparam logic [2:0] SLT  = 3'd2;
  localparam logic [2:0] SLTU = 3'd3;
  localparam logic [2:0] XOR  = 3'd4;
  localparam logic [2:0] SR   = 3'd5;
  localparam logic [2:0] OR   = 3'd6;
  localparam logic [2:0] AND  = 3'd7;

  // One subtractor serves SUB and every comparison.
  logic [32:0] difference;
  logic        below, less, equal;

  assign difference = {1'b0, a_i} - {1'b0, b_i};
  assign below      = difference[32];
  assign less       = (a_i[31] == b_i[31]) ? below : a_i[31];
  assign equal      = a_i == b_i;

  logic               alternative;
  logic [4:0]         shift;
  logic signed [32:0] to_right;

  assign alternative = op_i[3];
  assign shift       = b_i[4:0];
  assign to_right    = $signed({alternative && a_i[31], a_i}) >>> shift;

  logic unused_fill;
  assign unused_fill = to_right[32];

  always_comb begin
    case (op_i[2:0])
      ADD:     result_o = alternative ? difference[31:0] : a_i + b_i;
      SLL:     result_o = a_i << shift;
      SLT:     result_o = {31'd0, less};
      SLTU:    result_o = {31'd0, below};
      XOR:     result_o = a_i ^ b_i;
      SR:      result_o = to_right[31:0];
      OR:      result_o = a_i | b_i;
      AND:     result_o = a_i & b_i;
      default: result_o = '0;
    endcase
  end

  // The lowest bit of a branch's code turns the comparison round.
  always_comb begin
    case (branch_i[2:1])
      2'b00:   taken_o = equal ^ branch_i[0];
      2'b10:   taken_o = less ^ branch_i[0];
      2'b11:   taken_o = below ^ branch_i[0];
      default: taken_o = 1'b0;
    endcase
  end

endmodule
