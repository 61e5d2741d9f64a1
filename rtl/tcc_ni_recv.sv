// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_recv: takes granted packets out of the network and writes them to memory, or adds them to
// memory as binary32.
//
//   router --> slice of the front flit --> rotated to lanes --+--------> register --+
//                               lanes of the row buffer ------+-> tcc_fp32_add -----+   RADD
//   memory --(RADD)--> row buffers <------------------------------------------------+
//   memory <---------- row buffers
//
// Protocol    cmd valid/ready, a queue of three, served in order; each takes exactly one data
//             packet. Each command in turn asks for one grant packet to its source (grant_req_o
//             until grant_ack_i): when the head of every packet granted before has come, or of all
//             but one, from the same source. A grant packet from the network is taken at once in
//             any state (grant_set_o with its source).
//             busy_o until every message is in memory; done_o is high for one cycle a command, in
//             order, its message in memory. err_o is sticky: the packet's source, channel or length
//             is not the command's. A packet that is too long is dropped past the length, of one
//             too short nothing more is written. mem_req_o is answered by mem_gnt_i in the same
//             cycle, mem_rdata_i in the one after a granted read; mem_we_o: a bit a word, 0 reads.
// Latency     a word's row can be written 2 cycles after the cycle in which its flit is first seen.
// Throughput  a flit a cycle, or a row a cycle where a flit is more than a row, one row write a row
//             (RADD: a read and a write); no cycle is lost between messages.
// Order       rows pass the buffers in the order of the commands, and a row of RADD is read only
//             when no buffer still holds it: a sum of several RADDs has one fixed value.
//
// Paper parameters   DFLIT_WIDTH -> DflitWidth; VLEN -> Vlen; DMEM -> DmemAw (log2 of the words)

`include "tcc_assert.svh"

module tcc_ni_recv #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned Vlen = 128,
  parameter int unsigned DmemAw = 12,
  localparam int unsigned ROW_WORDS = Vlen / 32,
  localparam int unsigned COL_W = $clog2(ROW_WORDS),
  localparam int unsigned ROW_AW = DmemAw - COL_W
) (
  input logic clk_i,
  input logic rst_ni,

  // Command
  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  input  logic                              cmd_add_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_src_x_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_src_y_i,
  input  logic [tcc_noc_pkg::CHANNEL_W-1:0] cmd_ch_i,
  input  logic [                DmemAw-1:0] cmd_addr_i,
  input  logic [ tcc_noc_pkg::LENGTH_W-1:0] cmd_len_i,
  output logic                              busy_o,
  output logic                              done_o,
  output logic                              err_o,

  // Grant to send to the source of a command
  output logic                              grant_req_o,
  input  logic                              grant_ack_i,
  output logic [  tcc_noc_pkg::COORD_W-1:0] grant_dst_x_o,
  output logic [  tcc_noc_pkg::COORD_W-1:0] grant_dst_y_o,
  output logic [tcc_noc_pkg::CHANNEL_W-1:0] grant_ch_o,

  // Grant that arrived
  output logic                            grant_set_o,
  output logic [tcc_noc_pkg::COORD_W-1:0] grant_src_x_o,
  output logic [tcc_noc_pkg::COORD_W-1:0] grant_src_y_o,

  // Memory
  output logic                 mem_req_o,
  input  logic                 mem_gnt_i,
  output logic [ROW_WORDS-1:0] mem_we_o,
  output logic [   ROW_AW-1:0] mem_addr_o,
  output logic [     Vlen-1:0] mem_wdata_o,
  input  logic [     Vlen-1:0] mem_rdata_i,

  // Router
  input  logic [DflitWidth+1:0] flit_i,
  input  logic                  valid_i,
  output logic                  ready_o
);

  localparam int unsigned FLIT_WORDS = DflitWidth / 32;
  localparam int unsigned LANES = 1 << $clog2(FLIT_WORDS < ROW_WORDS ? FLIT_WORDS : ROW_WORDS);
  localparam int unsigned SLICES = (FLIT_WORDS + LANES - 1) / LANES;
  localparam int unsigned SEGMENTS = ROW_WORDS / LANES;
  localparam int unsigned LANE_W = $clog2(LANES);
  localparam int unsigned SEGMENT_W = (SEGMENTS > 1) ? $clog2(SEGMENTS) : 1;
  localparam int unsigned SLICE_W = (SLICES > 1) ? $clog2(SLICES) : 1;
  localparam int unsigned SLICE_BITS = 32 * LANES;
  localparam int unsigned LEN_W = tcc_noc_pkg::LENGTH_W;
  // A buffer is held some cycles longer than its row's slices take: the fewer they are, the more
  // buffers keep a slice a cycle going.
  localparam int unsigned BANKS = (SEGMENTS > 8) ? 2 : (SEGMENTS > 2) ? 4 : 8;

  localparam int unsigned QUEUE = 3;
  localparam int unsigned PEER_W = 2 * tcc_noc_pkg::COORD_W + tcc_noc_pkg::CHANNEL_W;

  // The running command, and those behind it.
  logic cmd_valid, add, accept, pop;
  logic [PEER_W-1:0] peer;
  logic [COL_W-1:0] start_col;
  logic [LEN_W-1:0] len;
  assign accept = cmd_valid_i && cmd_ready_o;

  tcc_fifo #(
    .Width      (1 + PEER_W + COL_W + LEN_W),
    .Depth      (QUEUE),
    .PassThrough(1'b0)
  ) u_command (
    .clk_i,
    .rst_ni,
    .in_data_i({
      cmd_add_i, cmd_src_x_i, cmd_src_y_i, cmd_ch_i, cmd_addr_i[COL_W-1:0], cmd_len_i
    }),
    .in_valid_i(cmd_valid_i),
    .in_ready_o(cmd_ready_o),
    .out_data_o({add, peer, start_col, len}),
    .out_valid_o(cmd_valid),
    .out_ready_i(pop)
  );

  // Grants. Packets of one source come in the order of its grants; before another source is granted
  // the earlier packets must be here, or its packet could come first and hold the Local output
  // against them.
  logic grant_valid, unused_grant_ready;
  logic [1:0] unused_q;  // grants whose packet has not come
  logic [2*tcc_noc_pkg::COORD_W-1:0] granted_q;  // the source of the last one
  tcc_fifo #(
    .Width      (PEER_W),
    .Depth      (QUEUE),
    .PassThrough(1'b0)
  ) u_grant (
    .clk_i,
    .rst_ni,
    .in_data_i  ({cmd_src_x_i, cmd_src_y_i, cmd_ch_i}),
    .in_valid_i (accept),
    .in_ready_o (unused_grant_ready),
    .out_data_o ({grant_dst_x_o, grant_dst_y_o, grant_ch_o}),
    .out_valid_o(grant_valid),
    .out_ready_i(grant_ack_i)
  );
  assign grant_req_o = grant_valid && (unused_q == 2'd0 ||
      (unused_q == 2'd1 && granted_q == {grant_dst_x_o, grant_dst_y_o}));

  // The front flit.
  logic [tcc_noc_pkg::HDR_W-1:0] header;
  logic head, tail, is_grant, data_valid, mismatch, take;
  assign header = flit_i[tcc_noc_pkg::HDR_W-1:0];
  assign head = flit_i[DflitWidth+1];
  assign tail = flit_i[DflitWidth];
  assign is_grant = valid_i && head && tcc_noc_pkg::hdr_is_grant(header);
  assign data_valid = valid_i && !is_grant;
  assign mismatch = {
    tcc_noc_pkg::hdr_src_x(header),
    tcc_noc_pkg::hdr_src_y(header),
    tcc_noc_pkg::hdr_channel(header)
  } != peer || tcc_noc_pkg::hdr_length(header) != len;
  assign grant_set_o = is_grant;
  assign grant_src_x_o = tcc_noc_pkg::hdr_src_x(header);
  assign grant_src_y_o = tcc_noc_pkg::hdr_src_y(header);

  // Its next slice, if the row buffers are ready for it.
  logic step, unused_first, cursor_head, empty, straddle, row_end, msg_end, flit_end;
  logic [SLICE_W-1:0] slice_index;
  logic [LANE_W-1:0] rotate;
  logic [SEGMENT_W-1:0] segment;
  logic [LANES-1:0] lane, low;
  logic drop_q;  // the message is complete, its packet is not
  logic pad_q;  // the packet has ended before the message
  logic rows_ready, rows_busy, err_q;

  tcc_ni_cursor #(
    .Vlen      (Vlen),
    .DflitWidth(DflitWidth)
  ) u_cursor (
    .clk_i,
    .rst_ni,
    .col_i     (start_col),
    .len_i     (len),
    .step_i    (step),
    .first_o   (unused_first),
    .head_o    (cursor_head),
    .slice_o   (slice_index),
    .rotate_o  (rotate),
    .segment_o (segment),
    .lane_o    (lane),
    .low_o     (low),
    .empty_o   (empty),
    .straddle_o(straddle),
    .row_end_o (row_end),
    .msg_end_o (msg_end),
    .flit_end_o(flit_end)
  );

  assign step = cmd_valid && (data_valid || pad_q) && !drop_q &&
      ((empty && !row_end) || rows_ready);
  assign take = data_valid && (drop_q || (step && flit_end && !pad_q));
  assign pop = drop_q ? data_valid && tail : step && msg_end && (pad_q || tail);
  assign ready_o = is_grant || take;

  logic [SLICES*SLICE_BITS-1:0] payload;
  logic [SLICE_BITS-1:0] slice, words;
  assign payload = (SLICES*SLICE_BITS)'(flit_i[DflitWidth-1:0]);
  if (SLICES > 1) begin : gen_slices
    assign slice = payload[{slice_index, {(LANE_W+5){1'b0}}}+:SLICE_BITS];
  end else begin : gen_one_slice
    logic unused_index;
    assign unused_index = slice_index[0];
    assign slice = payload;
  end
  assign words = SLICE_BITS'({slice, slice} >> {rotate, 5'd0});

  tcc_ni_rows #(
    .Vlen  (Vlen),
    .Lanes (LANES),
    .Banks (BANKS),
    .Queue (QUEUE),
    .DmemAw(DmemAw)
  ) u_rows (
    .clk_i,
    .rst_ni,
    .cmd_valid_i(accept),
    .cmd_add_i,
    .cmd_addr_i,
    .cmd_len_i,
    .ready_o    (rows_ready),
    .straddle_i (straddle),
    .step_i     (step),
    .add_i      (add),
    .words_i    (words),
    .segment_i  (segment),
    .lane_i     (pad_q ? '0 : lane),
    .low_i      (low),
    .row_end_i  (row_end),
    .next_end_i (straddle && msg_end),
    .busy_o     (rows_busy),
    .done_o     (done_o),
    .mem_req_o,
    .mem_gnt_i,
    .mem_we_o,
    .mem_addr_o,
    .mem_wdata_o,
    .mem_rdata_i
  );

  assign busy_o = cmd_valid || rows_busy;
  assign err_o = err_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      unused_q <= 2'd0;
      drop_q <= 1'b0;
      pad_q <= 1'b0;
      err_q <= 1'b0;
    end else begin
      unused_q <= unused_q + 2'(grant_ack_i) - 2'(take && head);
      drop_q <= take ? !tail && (drop_q || msg_end) : drop_q;
      pad_q <= pad_q ? !pop : take && tail && !pop;
      if (take && head && mismatch) err_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (grant_ack_i) granted_q <= {grant_dst_x_o, grant_dst_y_o};
  end

  // Rendezvous: data comes only while the receive that granted it is running.
  `ASSERT(ADataIsGranted, !data_valid || cmd_valid)
  `ASSERT(AHeadIsGranted, !(take && head) || unused_q != 2'd0)
  `ASSERT(AHeadFirst, !take || head == (cursor_head && !drop_q))
  `ASSERT(ATwoGrants, !grant_ack_i || unused_q < 2'd2)

endmodule
