// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What one instruction of the scalar core must do, from the manual and not from the core: of a word
// at a pc with operands a (rs1) and b (rs2), which instruction it is, what it writes, where it leads.
//
// Instructions, in is_o: 0 LUI, 1 AUIPC, 2 JAL, 3 JALR, 4..9 BEQ BNE BLT BGE BLTU BGEU, 10..14 LB LH
// LW LBU LHU, 15..17 SB SH SW, 18..26 ADDI SLTI SLTIU XORI ORI ANDI SLLI SRLI SRAI, 27..36 ADD SUB
// SLL SLT SLTU XOR SRL SRA OR AND, 37..44 MUL MULH MULHSU MULHU DIV DIVU REM REMU, 45 s.loop, 46
// s.cycle, 47 n.id, 48..55 t.wptr t.gemv t.add t.rd n.send n.recv n.radd s.wait, 56..62 the seven
// groups of vector instructions by funct3.
// Products and quotients are those of formal_muldiv.sv.
module formal_core_spec (
  input  logic [31:0] word_i,
  input  logic [31:0] pc_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  input  logic [31:0] read_i,      // the word of DMEM, of a load
  input  logic [31:0] id_i,

  output logic [62:0] is_o,
  output logic        writes_o,    // rd
  output logic        reads_a_o,   // rs1
  output logic        reads_b_o,
  output logic        goes_o,      // a branch, jump or s.loop
  output logic        in_order_o,  // an access or command
  output logic        vector_o,
  output logic [31:0] result_o,    // of s.cycle: nothing
  output logic [31:0] next_o,
  output logic [31:0] target_o,    // of a branch or s.loop
  output logic [31:0] address_o,   // of a load or store
  output logic [3:0]  mask_o,      // of a store: bytes
  output logic [31:0] data_o,      // in the bytes' lanes
  output logic [11:0] flags_o      // of a command
);

  logic [6:0]  opcode, funct7;
  logic [2:0]  funct3;
  logic [31:0] imm_i, imm_s, imm_b, imm_j;

  assign opcode = word_i[6:0];
  assign funct3 = word_i[14:12];
  assign funct7 = word_i[31:25];
  assign imm_i  = {{20{word_i[31]}}, word_i[31:20]};
  assign imm_s  = {{20{word_i[31]}}, word_i[31:25], word_i[11:7]};
  assign imm_b  = {{20{word_i[31]}}, word_i[7], word_i[30:25], word_i[11:8], 1'b0};
  assign imm_j  = {{12{word_i[31]}}, word_i[19:12], word_i[20], word_i[30:21], 1'b0};

  logic load, store, op_imm, op_reg, branch;

  assign branch = opcode == 7'b1100011;
  assign load   = opcode == 7'b0000011;
  assign store  = opcode == 7'b0100011;
  assign op_imm = opcode == 7'b0010011;
  assign op_reg = opcode == 7'b0110011;

  always_comb begin
    is_o     = '0;
    is_o[0]  = opcode == 7'b0110111;
    is_o[1]  = opcode == 7'b0010111;
    is_o[2]  = opcode == 7'b1101111;
    is_o[3]  = (opcode == 7'b1100111) && (funct3 == 3'b000);
    is_o[4]  = branch && (funct3 == 3'b000);
    is_o[5]  = branch && (funct3 == 3'b001);
    is_o[6]  = branch && (funct3 == 3'b100);
    is_o[7]  = branch && (funct3 == 3'b101);
    is_o[8]  = branch && (funct3 == 3'b110);
    is_o[9]  = branch && (funct3 == 3'b111);
    is_o[10] = load && (funct3 == 3'b000);
    is_o[11] = load && (funct3 == 3'b001);
    is_o[12] = load && (funct3 == 3'b010);
    is_o[13] = load && (funct3 == 3'b100);
    is_o[14] = load && (funct3 == 3'b101);
    is_o[15] = store && (funct3 == 3'b000);
    is_o[16] = store && (funct3 == 3'b001);
    is_o[17] = store && (funct3 == 3'b010);
    is_o[18] = op_imm && (funct3 == 3'b000);
    is_o[19] = op_imm && (funct3 == 3'b010);
    is_o[20] = op_imm && (funct3 == 3'b011);
    is_o[21] = op_imm && (funct3 == 3'b100);
    is_o[22] = op_imm && (funct3 == 3'b110);
    is_o[23] = op_imm && (funct3 == 3'b111);
    is_o[24] = op_imm && (funct3 == 3'b001) && (funct7 == 7'b0000000);
    is_o[25] = op_imm && (funct3 == 3'b101) && (funct7 == 7'b0000000);
    is_o[26] = op_imm && (funct3 == 3'b101) && (funct7 == 7'b0100000);
    is_o[27] = op_reg && (funct3 == 3'b000) && (funct7 == 7'b0000000);
    is_o[28] = op_reg && (funct3 == 3'b000) && (funct7 == 7'b0100000);
    is_o[29] = op_reg && (funct3 == 3'b001) && (funct7 == 7'b0000000);
    is_o[30] = op_reg && (funct3 == 3'b010) && (funct7 == 7'b0000000);
    is_o[31] = op_reg && (funct3 == 3'b011) && (funct7 == 7'b0000000);
    is_o[32] = op_reg && (funct3 == 3'b100) && (funct7 == 7'b0000000);
    is_o[33] = op_reg && (funct3 == 3'b101) && (funct7 == 7'b0000000);
    is_o[34] = op_reg && (funct3 == 3'b101) && (funct7 == 7'b0100000);
    is_o[35] = op_reg && (funct3 == 3'b110) && (funct7 == 7'b0000000);
    is_o[36] = op_reg && (funct3 == 3'b111) && (funct7 == 7'b0000000);
    for (int i = 0; i < 8; i++)
      is_o[37 + i] = op_reg && (funct3 == 3'(i)) && (funct7 == 7'b0000001);
    is_o[45] = (opcode == 7'b1111011) && (funct3 == 3'b011) && (word_i[24:20] == '0);
    is_o[46] = (opcode == 7'b1111011) && (funct3 == 3'b001) && (word_i[31:15] == '0);
    is_o[47] = (opcode == 7'b1011011) && (funct3 == 3'b011) && (word_i[31:15] == '0);
    is_o[48] = (opcode == 7'b0001011) && (funct3 == 3'b000) && (funct7 == '0) &&
               (word_i[11:7] == '0);
    is_o[49] = (opcode == 7'b0001011) && (funct3 == 3'b001);
    is_o[50] = (opcode == 7'b0001011) && (funct3 == 3'b010) && (word_i[24:20] == '0);
    is_o[51] = (opcode == 7'b0001011) && (funct3 == 3'b011) && (word_i[24:20] == '0);
    for (int i = 0; i < 3; i++)
      is_o[52 + i] = (opcode == 7'b1011011) && (funct3 == 3'(i));
    is_o[55] = (opcode == 7'b1111011) && (funct3 == 3'b010) && (word_i[19:15] == '0) &&
               (word_i[11:7] == '0);
    for (int i = 0; i < 7; i++)
      is_o[56 + i] = (opcode == 7'b0101011) && (funct3 == 3'(i));
  end

  assign goes_o     = (is_o[9:2] != '0) || is_o[45];
  assign in_order_o = (is_o[17:10] != '0) || (is_o[55:48] != '0);
  assign vector_o   = is_o[62:56] != '0;
  assign writes_o   = (is_o[3:0] != '0) || (is_o[14:10] != '0) || (is_o[44:18] != '0) ||
                      (is_o[47:46] != '0);
  assign reads_b_o  = (is_o[9:4] != '0) || (is_o[17:15] != '0) || (is_o[44:27] != '0) ||
                      (is_o[49:48] != '0) || (is_o[54:52] != '0);
  assign reads_a_o  = reads_b_o || is_o[3] || (is_o[26:10] != '0) || is_o[45] ||
                      (is_o[51:50] != '0) || (is_o[61:58] != '0);

  // Loads and stores.
  logic [31:0] shifted;

  assign address_o = a_i + (store ? imm_s : imm_i);
  assign shifted   = read_i >> {address_o[1:0], 3'b000};
  assign mask_o    = 4'((funct3[1:0] == 2'b00) ? 4'b0001 << address_o[1:0]
                        : (funct3[1:0] == 2'b01) ? 4'b0011 << address_o[1:0] : 4'b1111);
  assign data_o    = b_i << {address_o[1:0], 3'b000};
  assign flags_o   = is_o[55] ? word_i[31:20] : {word_i[31:25], word_i[11:7]};

  // What is written.
  logic [31:0] second, computed;
  logic [31:0] alternative;

  assign second = op_imm ? imm_i : b_i;

  formal_operation u_operation (
    .op_i     (funct3),
    .a_i      (a_i),
    .b_i      (b_i),
    .result_o (alternative)
  );

  always_comb begin
    case (funct3)
      3'b000:  computed = (op_reg && funct7[5]) ? a_i - second : a_i + second;
      3'b001:  computed = a_i << second[4:0];
      3'b010:  computed = {31'd0, $signed(a_i) < $signed(second)};
      3'b011:  computed = {31'd0, a_i < second};
      3'b100:  computed = a_i ^ second;
      3'b101:  computed = funct7[5] ? 32'($signed(a_i) >>> second[4:0]) : a_i >> second[4:0];
      3'b110:  computed = a_i | second;
      default: computed = a_i & second;
    endcase
    result_o = computed;
    if (is_o[0]) result_o = {word_i[31:12], 12'd0};
    if (is_o[1]) result_o = pc_i + {word_i[31:12], 12'd0};
    if (is_o[2] || is_o[3]) result_o = pc_i + 32'd4;
    if (is_o[10]) result_o = {{24{shifted[7]}}, shifted[7:0]};
    if (is_o[11]) result_o = {{16{shifted[15]}}, shifted[15:0]};
    if (is_o[12]) result_o = read_i;
    if (is_o[13]) result_o = {24'd0, shifted[7:0]};
    if (is_o[14]) result_o = {16'd0, shifted[15:0]};
    if (is_o[44:37] != '0) result_o = alternative;
    if (is_o[47]) result_o = id_i;
  end

  // Where it leads.
  logic taken;

  always_comb begin
    case (funct3)
      3'b000:  taken = a_i == b_i;
      3'b001:  taken = a_i != b_i;
      3'b100:  taken = $signed(a_i) < $signed(b_i);
      3'b101:  taken = $signed(a_i) >= $signed(b_i);
      3'b110:  taken = a_i < b_i;
      default: taken = a_i >= b_i;
    endcase
    target_o = pc_i + imm_b;
    next_o   = pc_i + 32'd4;
    if (is_o[2]) next_o = pc_i + imm_j;
    if (is_o[3]) next_o = (a_i + imm_i) & ~32'd1;
    if (branch && taken) next_o = target_o;
    if (is_o[45] && (a_i == '0)) next_o = target_o;
  end

endmodule
