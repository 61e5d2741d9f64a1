// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_send: reads a message from memory and injects it as one packet; injects the receive side's
// grants as well.
//
//   memory word --> slot of the assembly flit --> out register --> router
//   grant ------------------------------------------^   (only between packets)
//
// Protocol    cmd valid/ready; ready means idle. A command waits for granted_i (the destination's
//             receive is running), then consumes it (use_grant_o, one cycle) with the header.
//             rd_req_o is answered by rd_gnt_i in the same cycle and rd_data_i in the next one.
//             grant_req_i holds until grant_ack_o.
// Latency     granted and with a ready router: head flit valid 3 cycles after the command's cycle
//             at DflitWidth 64; a wider head flit waits for the words in it, one a cycle.
// Throughput  one word a cycle, so a full flit takes DflitWidth / 32 cycles.
// Assumes     the router takes every flit in the end and the memory arbiter grants every request in
//             the end: once started, a packet depends on nothing else. ready_i comes from flops.
//
// Paper parameters   DFLIT_WIDTH -> DflitWidth; DMEM -> DmemAw (log2 of the words)

`include "tcc_assert.svh"

module tcc_ni_send #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned DmemAw = 12
) (
  input logic clk_i,
  input logic rst_ni,

  input logic [tcc_noc_pkg::COORD_W-1:0] x_i,
  input logic [tcc_noc_pkg::COORD_W-1:0] y_i,

  // Command
  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_dst_x_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_dst_y_i,
  input  logic [tcc_noc_pkg::CHANNEL_W-1:0] cmd_ch_i,
  input  logic [                DmemAw-1:0] cmd_addr_i,
  input  logic [ tcc_noc_pkg::LENGTH_W-1:0] cmd_len_i,

  // Grant of the current destination
  output logic [tcc_noc_pkg::COORD_W-1:0] dst_x_o,
  output logic [tcc_noc_pkg::COORD_W-1:0] dst_y_o,
  input  logic                            granted_i,
  output logic                            use_grant_o,

  // Grant packet to inject for the receive side
  input  logic                              grant_req_i,
  output logic                              grant_ack_o,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] grant_dst_x_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] grant_dst_y_i,
  input  logic [tcc_noc_pkg::CHANNEL_W-1:0] grant_ch_i,

  // Memory reads
  output logic              rd_req_o,
  input  logic              rd_gnt_i,
  output logic [DmemAw-1:0] rd_addr_o,
  input  logic [      31:0] rd_data_i,

  // Router
  output logic [DflitWidth+1:0] flit_o,
  output logic                  valid_o,
  input  logic                  ready_i
);

  localparam int unsigned WORDS = DflitWidth / 32;  // slots of a flit
  localparam int unsigned SLOT_W = $clog2(WORDS);
  localparam int unsigned LEN_W = tcc_noc_pkg::LENGTH_W;
  localparam logic [SLOT_W-1:0] LAST_SLOT = SLOT_W'(WORDS - 1);
  // The header takes two slots, which is all there is at DflitWidth 64.
  localparam bit HEAD_IS_FULL = (WORDS == 2);
  localparam logic [SLOT_W-1:0] FIRST_SLOT = HEAD_IS_FULL ? '0 : SLOT_W'(2);

  typedef enum logic [1:0] {
    IDLE,
    WAIT_GRANT,
    READ,  // issues one memory read a cycle
    DRAIN  // until the tail is in the out register
  } state_e;

  state_e state_q;
  logic [tcc_noc_pkg::COORD_W-1:0] dst_x_q, dst_y_q;
  logic [tcc_noc_pkg::CHANNEL_W-1:0] ch_q;
  logic [DmemAw-1:0] addr_q;
  logic [LEN_W-1:0] len_q, left_q;  // left: words not yet read
  logic [SLOT_W-1:0] slot_q;  // where the next word to be read goes

  // The read granted in the cycle before.
  logic word_valid_q, word_last_q;
  logic [SLOT_W-1:0] word_slot_q;

  logic [DflitWidth-1:0] asm_q;
  logic asm_full_q, asm_head_q, asm_tail_q;
  logic [DflitWidth+1:0] out_flit_q;
  logic out_valid_q, out_free, start, move, take_grant, issue, issue_last;
  logic [tcc_noc_pkg::HDR_W-1:0] header, grant_header;

  assign out_free = !out_valid_q || ready_i;
  assign move = asm_full_q && out_free;
  assign take_grant = grant_req_i && out_free && (state_q == IDLE || state_q == WAIT_GRANT);
  assign start = (state_q == WAIT_GRANT) && granted_i && !grant_req_i;

  // The first word of a flit may be asked for only when the flit before it is sure to be gone as
  // the word arrives. That is so if the out register is free now: the assembly flit is complete now
  // (moves now) or completes now (moves next cycle, and nothing else can fill the out register
  // meanwhile).
  assign rd_req_o = (state_q == READ) && (slot_q != '0 || out_free);
  assign rd_addr_o = addr_q;
  assign issue = rd_req_o && rd_gnt_i;
  assign issue_last = issue && left_q == LEN_W'(1);

  assign cmd_ready_o = (state_q == IDLE);
  assign use_grant_o = start;
  assign grant_ack_o = take_grant;
  assign dst_x_o = dst_x_q;
  assign dst_y_o = dst_y_q;
  assign flit_o = out_flit_q;
  assign valid_o = out_valid_q;

  assign header = tcc_noc_pkg::make_header(1'b0, dst_x_q, dst_y_q, x_i, y_i, ch_q, len_q);
  assign grant_header = tcc_noc_pkg::make_header(
      1'b1, grant_dst_x_i, grant_dst_y_i, x_i, y_i, grant_ch_i, '0
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= IDLE;
    end else begin
      unique case (state_q)
        IDLE: if (cmd_valid_i) state_q <= WAIT_GRANT;
        WAIT_GRANT: if (start) state_q <= (len_q == '0) ? DRAIN : READ;
        READ: if (issue_last) state_q <= DRAIN;
        DRAIN: if (move && asm_tail_q) state_q <= IDLE;
        default: state_q <= IDLE;
      endcase
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      word_valid_q <= 1'b0;
      asm_full_q <= 1'b0;
      asm_head_q <= 1'b0;
      asm_tail_q <= 1'b0;
      out_valid_q <= 1'b0;
    end else begin
      word_valid_q <= issue;
      if (start) begin
        asm_full_q <= HEAD_IS_FULL || (len_q == '0);
        asm_head_q <= 1'b1;
        asm_tail_q <= (len_q == '0);
      end else begin
        if (move) begin
          asm_full_q <= 1'b0;
          asm_head_q <= 1'b0;
        end
        if (word_valid_q) begin
          asm_full_q <= word_last_q || word_slot_q == LAST_SLOT;
          asm_tail_q <= word_last_q;
        end
      end
      if (out_free) out_valid_q <= move || take_grant;
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) begin
      dst_x_q <= cmd_dst_x_i;
      dst_y_q <= cmd_dst_y_i;
      ch_q <= cmd_ch_i;
      addr_q <= cmd_addr_i;
      len_q <= cmd_len_i;
      left_q <= cmd_len_i;
      slot_q <= FIRST_SLOT;
    end else if (issue) begin
      addr_q <= addr_q + DmemAw'(1);
      left_q <= left_q - LEN_W'(1);
      slot_q <= (slot_q == LAST_SLOT) ? '0 : slot_q + SLOT_W'(1);
    end
    word_last_q <= issue_last;
    word_slot_q <= slot_q;

    if (start) asm_q <= DflitWidth'(header);
    else if (word_valid_q) asm_q[{word_slot_q, 5'd0}+:32] <= rd_data_i;

    if (move) out_flit_q <= {asm_head_q, asm_tail_q, asm_q};
    else if (take_grant) out_flit_q <= {2'b11, DflitWidth'(grant_header)};
  end

  // A word that arrives never meets a complete flit that stays.
  `ASSERT(ANoOverwrite, !(word_valid_q && asm_full_q && !move))
  `ASSERT(AStartsEmpty, !(start && (asm_full_q || word_valid_q)))
  `ASSERT(AOneSource, !(move && take_grant))
  `ASSERT(AIdleIsEmpty, state_q != IDLE || (!asm_full_q && !word_valid_q))

endmodule
