// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_send: reads messages from memory and injects each as one packet; injects the receive
// side's grants as well.
//
//   memory row --> row buffers --> lanes, rotated --> slices of a flit --> out register --> router
//   grant ---------------------------------------------------^   (only between packets)
//
// Protocol    cmd valid/ready, a queue of two; busy_o until all of them are out of memory. Rows are
//             read ahead, those of the second command too. A packet starts when granted_i is high
//             for its destination and consumes the grant (use_grant_o, one cycle). rd_req_o is
//             answered by rd_gnt_i in the same cycle and rd_data_i in the cycle after.
//             grant_req_i holds until grant_ack_o.
// Latency     granted and with a ready router: head flit valid 2 cycles after the command's cycle
//             at DflitWidth 64, where its first data flit follows after 4; else 4.
// Throughput  a flit a cycle, or a row a cycle where a flit is more than a row (one slice a cycle:
//             tcc_ni_cursor); no cycle is lost between granted packets.
// Assumes     the router takes every flit in the end and the memory grants every read in the end:
//             once started, a packet depends on nothing else. ready_i comes from flops. The message
//             lies ready in memory when its command is taken.
//
// Paper parameters   DFLIT_WIDTH -> DflitWidth; VLEN -> Vlen; DMEM -> DmemAw (log2 of the words)

`include "tcc_assert.svh"

module tcc_ni_send #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned Vlen = 128,
  parameter int unsigned DmemAw = 12,
  localparam int unsigned COL_W = $clog2(Vlen / 32),
  localparam int unsigned ROW_AW = DmemAw - COL_W
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
  output logic                              busy_o,

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
  output logic [ROW_AW-1:0] rd_addr_o,
  input  logic [  Vlen-1:0] rd_data_i,

  // Router
  output logic [DflitWidth+1:0] flit_o,
  output logic                  valid_o,
  input  logic                  ready_i
);

  localparam int unsigned ROW_WORDS = Vlen / 32;
  localparam int unsigned FLIT_WORDS = DflitWidth / 32;
  localparam int unsigned LANES = 1 << $clog2(FLIT_WORDS < ROW_WORDS ? FLIT_WORDS : ROW_WORDS);
  localparam int unsigned SLICES = (FLIT_WORDS + LANES - 1) / LANES;
  localparam int unsigned SEGMENTS = ROW_WORDS / LANES;
  localparam int unsigned LANE_W = $clog2(LANES);
  localparam int unsigned SEGMENT_W = (SEGMENTS > 1) ? $clog2(SEGMENTS) : 1;
  localparam int unsigned SLICE_W = (SLICES > 1) ? $clog2(SLICES) : 1;
  localparam int unsigned SLICE_BITS = 32 * LANES;
  localparam int unsigned LEN_W = tcc_noc_pkg::LENGTH_W;
  localparam int unsigned QUEUE = 2;
  // A row stays 3 cycles longer than its slices take; few slices a row need more buffers.
  localparam int unsigned BANKS = (SEGMENTS > 8) ? 2 : 4;
  localparam int unsigned BANK_W = $clog2(BANKS);

  // The running command, and one more.
  logic cmd_valid, pop;
  logic [tcc_noc_pkg::CHANNEL_W-1:0] ch;
  logic [COL_W-1:0] start_col;
  logic [LEN_W-1:0] len;

  tcc_fifo #(
    .Width      (2 * tcc_noc_pkg::COORD_W + tcc_noc_pkg::CHANNEL_W + COL_W + LEN_W),
    .Depth      (QUEUE),
    .PassThrough(1'b0)
  ) u_command (
    .clk_i,
    .rst_ni,
    .in_data_i  ({cmd_dst_x_i, cmd_dst_y_i, cmd_ch_i, cmd_addr_i[COL_W-1:0], cmd_len_i}),
    .in_valid_i (cmd_valid_i),
    .in_ready_o (cmd_ready_o),
    .out_data_o ({dst_x_o, dst_y_o, ch, start_col, len}),
    .out_valid_o(cmd_valid),
    .out_ready_i(pop)
  );
  assign busy_o = cmd_valid;

  // Row buffers: filled in order, used in order.
  logic row_valid, row_ready, row_empty, unused_add, unused_last;
  logic [BANK_W-1:0] alloc_q, use_q, use_next, load_bank_q;
  logic [BANKS-1:0] full_q, ready_q;  // full: taken; ready: the row is in it
  logic load_q;
  logic [BANKS*Vlen-1:0] bank;

  tcc_ni_walk #(
    .Vlen  (Vlen),
    .DmemAw(DmemAw),
    .Queue (QUEUE)
  ) u_walk (
    .clk_i,
    .rst_ni,
    .cmd_valid_i(cmd_valid_i && cmd_ready_o),
    .cmd_add_i  (1'b0),
    .cmd_addr_i,
    .cmd_len_i,
    .row_valid_o(row_valid),
    .row_ready_i(row_ready),
    .row_o      (rd_addr_o),
    .row_add_o  (unused_add),
    .row_empty_o(row_empty),
    .row_last_o (unused_last)
  );

  assign rd_req_o = row_valid && !row_empty && !full_q[alloc_q];
  assign row_ready = !full_q[alloc_q] && (row_empty || rd_gnt_i);
  assign use_next = use_q + BANK_W'(1);

  // The next slice of the message.
  logic step, first, head, empty, straddle, row_end, msg_end, flit_end;
  logic [SLICE_W-1:0] slice_index;
  logic [LANE_W-1:0] rotate;
  logic [SEGMENT_W-1:0] segment;
  logic [LANES-1:0] unused_lane, low;

  tcc_ni_cursor #(
    .Vlen      (Vlen),
    .DflitWidth(DflitWidth)
  ) u_cursor (
    .clk_i,
    .rst_ni,
    .col_i     (start_col),
    .len_i     (len),
    .step_i    (step),
    .first_o   (first),
    .head_o    (head),
    .slice_o   (slice_index),
    .rotate_o  (rotate),
    .segment_o (segment),
    .lane_o    (unused_lane),
    .low_o     (low),
    .empty_o   (empty),
    .straddle_o(straddle),
    .row_end_o (row_end),
    .msg_end_o (msg_end),
    .flit_end_o(flit_end)
  );

  logic [SLICE_BITS-1:0] lanes, slice;
  logic [LANE_W-1:0] back;  // from its lane to its place in the slice
  logic [SLICES*SLICE_BITS-1:0] payload;
  logic out_valid_q, out_free, take_grant, rows_ready;
  logic [DflitWidth+1:0] out_flit_q;
  logic [tcc_noc_pkg::HDR_W-1:0] header, grant_header;

  tcc_ni_lanes #(
    .Vlen (Vlen),
    .Lanes(LANES),
    .Banks(BANKS)
  ) u_lanes (
    .bank_i   (bank),
    .use_i    (use_q),
    .segment_i(segment),
    .low_i    (low),
    .lanes_o  (lanes)
  );

  assign header = tcc_noc_pkg::make_header(1'b0, dst_x_o, dst_y_o, x_i, y_i, ch, len);
  assign grant_header = tcc_noc_pkg::make_header(
      1'b1, grant_dst_x_i, grant_dst_y_i, x_i, y_i, grant_ch_i, '0
  );
  assign back = -rotate;
  always_comb begin
    slice = SLICE_BITS'({lanes, lanes} >> {back, 5'd0});
    if (head && slice_index == '0) slice[tcc_noc_pkg::HDR_W-1:0] = header;
  end

  // Slices but the last wait for the rest of their flit.
  for (genvar s = 0; s < SLICES; s++) begin : gen_slice
    if (s < SLICES - 1) begin : gen_wait
      logic [SLICE_BITS-1:0] slice_q;
      always_ff @(posedge clk_i) begin
        if (step && slice_index == SLICE_W'(s)) slice_q <= slice;
      end
      assign payload[SLICE_BITS*s+:SLICE_BITS] = (slice_index == SLICE_W'(s)) ? slice : slice_q;
    end else begin : gen_last
      assign payload[SLICE_BITS*s+:SLICE_BITS] = slice;
    end
  end

  if (SLICES * SLICE_BITS > DflitWidth) begin : gen_pad
    logic [SLICES*SLICE_BITS-DflitWidth-1:0] unused_pad;
    assign unused_pad = payload[SLICES*SLICE_BITS-1:DflitWidth];
  end

  assign out_free = !out_valid_q || ready_i;
  assign rows_ready = (empty && !row_end) ||
      (ready_q[use_q] && (!straddle || ready_q[use_next]));
  assign step = cmd_valid && rows_ready && (!flit_end || out_free) &&
      (!first || (granted_i && !grant_req_i));
  assign take_grant = grant_req_i && out_free && first;
  assign pop = step && msg_end;
  assign use_grant_o = step && first;
  assign grant_ack_o = take_grant;
  assign flit_o = out_flit_q;
  assign valid_o = out_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      alloc_q <= '0;
      use_q <= '0;
      full_q <= '0;
      ready_q <= '0;
      load_q <= 1'b0;
      out_valid_q <= 1'b0;
    end else begin
      load_q <= rd_req_o && rd_gnt_i;
      if (load_q) ready_q[load_bank_q] <= 1'b1;
      if (row_valid && row_ready) begin
        alloc_q <= alloc_q + BANK_W'(1);
        full_q[alloc_q] <= 1'b1;
        ready_q[alloc_q] <= row_empty;
      end
      if (step && row_end) begin
        full_q[use_q] <= 1'b0;
        ready_q[use_q] <= 1'b0;
        use_q <= use_next;
        if (straddle && msg_end) begin
          full_q[use_next] <= 1'b0;
          ready_q[use_next] <= 1'b0;
          use_q <= use_next + BANK_W'(1);
        end
      end
      if (out_free) out_valid_q <= (step && flit_end) || take_grant;
    end
  end

  always_ff @(posedge clk_i) begin
    load_bank_q <= alloc_q;
    if (step && flit_end) out_flit_q <= {head, msg_end, payload[DflitWidth-1:0]};
    else if (take_grant) out_flit_q <= {2'b11, DflitWidth'(grant_header)};
  end

  for (genvar b = 0; b < BANKS; b++) begin : gen_bank
    logic [Vlen-1:0] row_q;
    always_ff @(posedge clk_i) begin
      if (load_q && load_bank_q == BANK_W'(b)) row_q <= rd_data_i;
    end
    assign bank[Vlen*b+:Vlen] = row_q;
  end

  `ASSERT(AOneSource, !(step && flit_end && take_grant))
  `ASSERT(ARowTaken, !(step && row_end) || full_q[use_q])
  `ASSERT(AIdleIsEmpty, cmd_valid || full_q == '0)

endmodule
