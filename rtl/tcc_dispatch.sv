// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Decode and dispatch of the scalar core.
//
// Purpose      Decodes the next words of the program, a decoder a lane, and says which of them
//              enter the reservation stations now: in order, as many as there are words, lanes and
//              stations, up to the first that jumps. Chooses their operands.
// Protocol     open_i: dispatch may go on. dispatch_o[n] is lane n; take_o of the words are used.
//              jumps_o: the last of them is a jal to leads_to_o, or ends a turn of the loop
//              (loops_o) that begins there; branches_o: it is a branch or s.loop (to leads_to_o, if
//              taken) or a jalr; link_o is the address after it. The first word can't be
//              dispatched when it is illegal (bad_o) or ends the program (halts_o).
// Latency      0 cycles.
// Throughput   min(FetchSize, Xdpnum) a cycle.
// Assumes      room_i is 0 to STANUM; operands as tcc_xrf gives them for rs_o.
// Parameters   FETCH_SIZE -> FetchSize; XDPNUM -> Xdpnum; RoomW, TagW: from STANUM.
module tcc_dispatch #(
  parameter int FetchSize = 1,
  parameter int Xdpnum = 1,
  parameter int RoomW = 1,
  localparam int KIND_W = tcc_core_pkg::KIND_W,
  localparam int COUNT_W = $clog2(FetchSize + 1)
) (
  input  logic                     open_i,
  input  logic [RoomW-1:0]         room_i,
  input  logic [31:0]              cycle_i,
  input  logic [31:0]              id_i,
  input  logic                     loop_open_i,   // tcc_loop
  input  logic [31:0]              loop_begin_i,
  input  logic [31:0]              loop_end_i,

  // Fetch
  input  logic [31:0]              pc_i,
  input  logic [COUNT_W-1:0]       count_i,
  input  logic [32*FetchSize-1:0]  words_i,
  output logic [COUNT_W-1:0]       take_o,

  // Registers: rs1 of every lane, then rs2 of every lane
  output logic [2*Xdpnum*5-1:0]    rs_o,
  output logic [Xdpnum*5-1:0]      rd_o,
  input  logic [2*Xdpnum-1:0]      reg_known_i,
  input  logic [2*Xdpnum*32-1:0]   reg_value_i,

  // Stations
  output logic [Xdpnum-1:0]        dispatch_o,
  output logic [Xdpnum*KIND_W-1:0] kind_o,
  output logic [Xdpnum*4-1:0]      op_o,
  output logic [Xdpnum*12-1:0]     offset_o,
  output logic [2*Xdpnum-1:0]      known_o,
  output logic [2*Xdpnum*32-1:0]   value_o,
  output logic [Xdpnum*32-1:0]     lane_pc_o,
  output logic [Xdpnum*32-1:0]     lane_word_o,

  // Where the program goes
  output logic                     jumps_o,
  output logic                     branches_o,
  output logic                     loops_o,
  output logic [31:0]              leads_to_o,
  output logic [31:0]              link_o,
  output logic                     halts_o,
  output logic                     bad_o,
  output logic [11:0]              code_o     // of the halt
);

  logic [Xdpnum-1:0]    is_word, legal, jal, branch, turns, halts;
  logic [Xdpnum-1:0]    a_is_pc, a_is_cycle, a_is_id, b_is_imm, b_is_link;
  logic [Xdpnum*5-1:0]  rs1, rs2;
  logic [Xdpnum*32-1:0] imm;

  assign rs_o = {rs2, rs1};

  logic unused_words;  // of a block that is wider than the group
  assign unused_words = ^words_i;

  for (genvar n = 0; n < Xdpnum; n++) begin : gen_lane
    if (n < FetchSize) begin : gen_word
      assign lane_word_o[n*32 +: 32] = words_i[n*32 +: 32];
    end else begin : gen_no_word
      assign lane_word_o[n*32 +: 32] = '0;
    end
    assign lane_pc_o[n*32 +: 32] = pc_i + 32'(4 * n);

    tcc_decode u_decode (
      .word_i       (lane_word_o[n*32 +: 32]),
      .legal_o      (is_word[n]),
      .kind_o       (kind_o[n*KIND_W +: KIND_W]),
      .jal_o        (jal[n]),
      .op_o         (op_o[n*4 +: 4]),
      .rd_o         (rd_o[n*5 +: 5]),
      .rs1_o        (rs1[n*5 +: 5]),
      .rs2_o        (rs2[n*5 +: 5]),
      .a_is_pc_o    (a_is_pc[n]),
      .a_is_cycle_o (a_is_cycle[n]),
      .a_is_id_o    (a_is_id[n]),
      .b_is_imm_o   (b_is_imm[n]),
      .b_is_link_o  (b_is_link[n]),
      .imm_o        (imm[n*32 +: 32])
    );

    // A jal to no word is as illegal as no instruction.
    assign legal[n]      = is_word[n] && !(jal[n] && imm[n*32 + 1]);
    assign halts[n]      = kind_o[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_HALT;
    assign branch[n]     = (kind_o[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_BRANCH) ||
                           (kind_o[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_JALR) ||
                           (kind_o[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_LOOP);
    assign turns[n]      = loop_open_i && !jal[n] && !branch[n] &&
                           (lane_pc_o[n*32 +: 32] + 32'd4 == loop_end_i);
  end

  assign halts_o = (count_i != '0) && legal[0] && halts[0];
  assign bad_o   = (count_i != '0) && !legal[0];
  assign code_o  = imm[11:0];

  logic open;

  always_comb begin
    dispatch_o = '0;
    take_o     = '0;
    jumps_o    = 1'b0;
    branches_o = 1'b0;
    loops_o    = 1'b0;
    leads_to_o = '0;
    link_o     = '0;
    open       = open_i;
    for (int n = 0; n < Xdpnum; n++) begin
      open = open && (n < FetchSize) && (6'(n) < 6'(count_i)) && (6'(n) < 6'(room_i)) &&
             legal[n] && !halts[n];
      if (open) begin
        dispatch_o[n] = 1'b1;
        take_o        = take_o + COUNT_W'(1);
        if (jal[n] || branch[n] || turns[n]) begin
          open       = 1'b0;
          jumps_o    = !branch[n];
          branches_o = branch[n];
          loops_o    = turns[n];
          leads_to_o = turns[n] ? loop_begin_i : lane_pc_o[n*32 +: 32] + imm[n*32 +: 32];
          link_o     = lane_pc_o[n*32 +: 32] + 32'd4;
        end
      end
    end
  end

  // Operands that are no registers are known at once.
  always_comb begin
    known_o  = reg_known_i;
    value_o  = reg_value_i;
    offset_o = '0;
    for (int n = 0; n < Xdpnum; n++) begin
      offset_o[n*12 +: 12] = imm[n*32 +: 12];
      if (a_is_pc[n] || a_is_cycle[n] || a_is_id[n]) begin
        known_o[n]          = 1'b1;
        value_o[n*32 +: 32] = a_is_pc[n] ? lane_pc_o[n*32 +: 32] : (a_is_id[n] ? id_i : cycle_i);
      end
      if (b_is_imm[n] || b_is_link[n]) begin
        known_o[Xdpnum + n]            = 1'b1;
        value_o[(Xdpnum + n)*32 +: 32] = b_is_link[n] ? 32'd4 : imm[n*32 +: 32];
      end
    end
  end

endmodule
