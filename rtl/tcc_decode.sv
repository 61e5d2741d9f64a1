// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Decoder of the scalar core.
//
// Purpose      One instruction word to what the core does with it.
// Protocol     Combinational. An illegal word gives legal_o = 0 and nothing else that counts.
// Latency      0 cycles.
// Throughput   1 a cycle; XDPNUM of them stand in a core.
// Assumes      nothing. The bench holds it to the instruction table (arch/isa) word by word.
// Parameters   none.
module tcc_decode (
  input  logic [31:0]                     word_i,

  output logic                            legal_o,
  output logic [tcc_core_pkg::KIND_W-1:0] kind_o,
  output logic                            jal_o,         // jumps when it is dispatched
  output logic [3:0]                      op_o,          // of tcc_alu, or CMD_*; funct3 otherwise
  output logic [4:0]                      rd_o,          // 0: none written
  output logic [4:0]                      rs1_o,         // 0 where not read
  output logic [4:0]                      rs2_o,
  output logic                            a_is_pc_o,     // first operand: the pc, not rs1
  output logic                            a_is_cycle_o,  // the cycle count
  output logic                            a_is_id_o,     // the tile's place
  output logic                            b_is_imm_o,    // second operand: imm, not rs2
  output logic                            b_is_link_o,   // 4
  output logic [31:0]                     imm_o
);

  logic [2:0] funct3;
  logic [6:0] funct7;
  logic [4:0] rd, rs1, rs2;
  logic       is_shift, base, alternative, is_m, no_flags;

  assign funct3 = word_i[14:12];
  assign funct7 = word_i[31:25];
  assign rd     = word_i[11:7];
  assign rs1    = word_i[19:15];
  assign rs2    = word_i[24:20];

  assign is_shift    = funct3[1:0] == 2'd1;  // SLL, SRL, SRA
  assign base        = funct7 == 7'h00;
  assign alternative = funct7 == 7'h20;
  assign is_m        = funct7 == 7'h01;
  assign no_flags    = base && (rd == 5'd0);

  // Vector instructions: fields of vector registers have four bits.
  logic vector, vs1_is_x, two_vectors;

  assign two_vectors = (funct7 < 7'd8) || (funct7 == 7'd13);

  always_comb begin
    vs1_is_x = 1'b1;
    case (funct3)
      tcc_vec_pkg::VG_LANES: begin
        vs1_is_x = 1'b0;
        vector   = (funct7 < 7'd14) && !rd[4] && !rs1[4] && !rs2[4] &&
                   (two_vectors || (rs2 == 5'd0));
      end
      tcc_vec_pkg::VG_SFU: begin
        vs1_is_x = 1'b0;
        vector   = (funct7 < 7'd3) && !rd[4] && !rs1[4] && (rs2 == 5'd0);
      end
      tcc_vec_pkg::VG_LD, tcc_vec_pkg::VG_LDW: vector = !rd[4];
      tcc_vec_pkg::VG_ST:                      vector = !rs2[4];
      tcc_vec_pkg::VG_SPLAT:                   vector = base && !rd[4] && (rs2 == 5'd0);
      tcc_vec_pkg::VG_SWAP: begin
        vs1_is_x = 1'b0;
        vector   = base && !rd[4] && !rs1[4] && (rs2[4:3] == 2'd0);
      end
      default: vector = 1'b0;
    endcase
  end

  logic [31:0] imm_i, imm_s, imm_b, imm_u, imm_j;

  assign imm_i = {{21{word_i[31]}}, word_i[30:20]};
  assign imm_s = {{21{word_i[31]}}, word_i[30:25], word_i[11:7]};
  assign imm_b = {{20{word_i[31]}}, word_i[7], word_i[30:25], word_i[11:8], 1'b0};
  assign imm_u = {word_i[31:12], 12'd0};
  assign imm_j = {{12{word_i[31]}}, word_i[19:12], word_i[20], word_i[30:21], 1'b0};

  always_comb begin
    kind_o       = tcc_core_pkg::KIND_ALU;
    jal_o        = 1'b0;
    rd_o         = '0;
    rs1_o        = '0;
    rs2_o        = '0;
    a_is_pc_o    = 1'b0;
    a_is_cycle_o = 1'b0;
    a_is_id_o    = 1'b0;
    b_is_imm_o   = 1'b0;
    b_is_link_o  = 1'b0;
    imm_o        = '0;
    legal_o      = 1'b1;
    op_o         = {1'b0, funct3};
    case (word_i[6:0])
      tcc_isa_pkg::OPCODE_LUI: begin
        op_o       = 4'd0;
        rd_o       = rd;
        b_is_imm_o = 1'b1;
        imm_o      = imm_u;
      end
      tcc_isa_pkg::OPCODE_AUIPC: begin
        op_o       = 4'd0;
        rd_o       = rd;
        a_is_pc_o  = 1'b1;
        b_is_imm_o = 1'b1;
        imm_o      = imm_u;
      end
      tcc_isa_pkg::OPCODE_JAL: begin
        op_o        = 4'd0;
        jal_o       = 1'b1;
        rd_o        = rd;
        a_is_pc_o   = 1'b1;
        b_is_link_o = 1'b1;
        imm_o       = imm_j;
      end
      tcc_isa_pkg::OPCODE_JALR: begin
        legal_o    = funct3 == 3'd0;
        kind_o     = tcc_core_pkg::KIND_JALR;
        rd_o       = rd;
        rs1_o      = rs1;
        b_is_imm_o = 1'b1;
        imm_o      = imm_i;
      end
      tcc_isa_pkg::OPCODE_BRANCH: begin
        legal_o = funct3[2:1] != 2'd1;
        kind_o  = tcc_core_pkg::KIND_BRANCH;
        rs1_o   = rs1;
        rs2_o   = rs2;
        imm_o   = imm_b;
      end
      tcc_isa_pkg::OPCODE_LOAD: begin
        legal_o    = (funct3 != 3'd3) && (funct3[2:1] != 2'd3);
        kind_o     = tcc_core_pkg::KIND_LOAD;
        rd_o       = rd;
        rs1_o      = rs1;
        b_is_imm_o = 1'b1;
        imm_o      = imm_i;
      end
      tcc_isa_pkg::OPCODE_STORE: begin
        legal_o = (funct3 < 3'd3);
        kind_o  = tcc_core_pkg::KIND_STORE;
        rs1_o   = rs1;
        rs2_o   = rs2;
        imm_o   = imm_s;
      end
      tcc_isa_pkg::OPCODE_OP_IMM: begin
        legal_o    = !is_shift || base || (alternative && funct3[2]);
        op_o[3]    = is_shift && alternative;
        rd_o       = rd;
        rs1_o      = rs1;
        b_is_imm_o = 1'b1;
        imm_o      = imm_i;
      end
      tcc_isa_pkg::OPCODE_OP: begin
        legal_o = base || is_m || (alternative && ((funct3 == 3'd0) || (funct3 == 3'd5)));
        kind_o  = is_m ? tcc_core_pkg::KIND_MULDIV : tcc_core_pkg::KIND_ALU;
        op_o[3] = alternative;
        rd_o    = rd;
        rs1_o   = rs1;
        rs2_o   = rs2;
      end
      tcc_isa_pkg::OPCODE_CUSTOM_0: begin  // t.add and t.rd have one register, t.wptr no flags
        legal_o = !funct3[2] && (!funct3[1] || (rs2 == 5'd0)) && ((funct3 != 3'd0) || no_flags);
        kind_o  = tcc_core_pkg::KIND_COMMAND;
        rs1_o   = rs1;
        rs2_o   = rs2;
        imm_o   = {20'd0, imm_s[11:0]};
      end
      tcc_isa_pkg::OPCODE_CUSTOM_1: begin  // the vector unit gets the whole word
        legal_o    = vector;
        kind_o     = tcc_core_pkg::KIND_VECTOR;
        rs1_o      = vs1_is_x ? rs1 : 5'd0;
        b_is_imm_o = 1'b1;
        imm_o      = word_i;
      end
      tcc_isa_pkg::OPCODE_CUSTOM_2: begin
        if (funct3 == 3'd3) begin  // n.id
          legal_o    = word_i[31:15] == '0;
          op_o       = 4'd0;
          rd_o       = rd;
          a_is_id_o  = 1'b1;
          b_is_imm_o = 1'b1;
        end else begin
          legal_o = !funct3[2];
          kind_o  = tcc_core_pkg::KIND_COMMAND;
          op_o    = {1'b1, funct3};
          rs1_o   = rs1;
          rs2_o   = rs2;
          imm_o   = {20'd0, imm_s[11:0]};
        end
      end
      tcc_isa_pkg::OPCODE_CUSTOM_3: begin
        if (funct3 == 3'd3) begin  // s.loop: compares rs1 with x0
          legal_o = rs2 == 5'd0;
          kind_o  = tcc_core_pkg::KIND_LOOP;
          op_o    = 4'd0;
          rs1_o   = rs1;
          imm_o   = imm_b;
        end else if (funct3 == 3'd1) begin  // s.cycle
          legal_o      = word_i[31:15] == '0;
          op_o         = 4'd0;
          rd_o         = rd;
          a_is_cycle_o = 1'b1;
          b_is_imm_o   = 1'b1;
        end else begin  // s.halt, s.wait
          legal_o = (word_i[19:15] == '0) && (rd == 5'd0) && !funct3[2] && !funct3[0];
          kind_o  = funct3[1] ? tcc_core_pkg::KIND_COMMAND : tcc_core_pkg::KIND_HALT;
          op_o    = tcc_core_pkg::CMD_WAIT;
          imm_o   = imm_i;
        end
      end
      default: legal_o = 1'b0;
    endcase
  end

endmodule
