// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_cursor: which words of a flit belong where in the rows of memory, slice by slice.
//
// A row is Vlen / 32 words, word c of it in lane c mod LANES and segment c div LANES. A flit is cut
// into slices of LANES words, so that any slice fits the lanes after a rotation, whatever the
// alignment; its words may run into the next segment, and from the last one into the next row.
//
//   slice  | w0 w1 w2 w3 |   at column 4 s + 3:   lanes  | w1 w2 w3 w0 |
//                                                 low      1  1  1  0    (segment s + 1)
//
// Protocol    the outputs describe the next slice of the command at col_i, len_i; step_i moves on.
//             After the step with msg_end_o the cursor is at the start of the next command.
// Latency     0; the outputs depend on registers and the command only.
// Throughput  one slice a cycle: LANES is a flit or a row, whichever is smaller, rounded up to a
//             power of two.
// Assumes     col_i and len_i hold from the first step of a command to its last.
//
// Parameters  VLEN -> Vlen (128 to 2048, a power of two); DFLIT_WIDTH -> DflitWidth

module tcc_ni_cursor #(
  parameter int unsigned Vlen = 128,
  parameter int unsigned DflitWidth = 64,
  localparam int unsigned ROW_WORDS = Vlen / 32,
  localparam int unsigned FLIT_WORDS = DflitWidth / 32,
  localparam int unsigned LANES = 1 << $clog2(FLIT_WORDS < ROW_WORDS ? FLIT_WORDS : ROW_WORDS),
  localparam int unsigned SLICES = (FLIT_WORDS + LANES - 1) / LANES,
  localparam int unsigned SEGMENTS = ROW_WORDS / LANES,
  localparam int unsigned COL_W = $clog2(ROW_WORDS),
  localparam int unsigned LANE_W = $clog2(LANES),
  localparam int unsigned SEGMENT_W = (SEGMENTS > 1) ? $clog2(SEGMENTS) : 1,
  localparam int unsigned SLICE_W = (SLICES > 1) ? $clog2(SLICES) : 1
) (
  input logic clk_i,
  input logic rst_ni,

  input logic [                COL_W-1:0] col_i,
  input logic [tcc_noc_pkg::LENGTH_W-1:0] len_i,
  input logic                             step_i,

  output logic                 first_o,  // nothing of this command has been taken
  output logic                 head_o,  // the slice is of the head flit
  output logic [  SLICE_W-1:0] slice_o,  // its index in the flit
  output logic [   LANE_W-1:0] rotate_o,  // lane l holds word (l + rotate) mod LANES of the slice
  output logic [SEGMENT_W-1:0] segment_o,  // of the first word
  output logic [    LANES-1:0] lane_o,  // the lanes that hold a word
  output logic [    LANES-1:0] low_o,  // of these, the ones in the next segment
  output logic                 empty_o,  // no word of the slice belongs to the message
  output logic                 straddle_o,  // words lie in the next row as well
  output logic                 row_end_o,  // the slice completes the row of its first word
  output logic                 msg_end_o,  // and the message
  output logic                 flit_end_o  // and all of the flit that matters
);

  localparam int unsigned LEN_W = tcc_noc_pkg::LENGTH_W;
  localparam int unsigned HDR_WORDS = tcc_noc_pkg::HDR_W / 32;
  localparam int unsigned LAST_WORDS = FLIT_WORDS - (SLICES - 1) * LANES;
  localparam logic [SLICE_W-1:0] LAST_SLICE = SLICE_W'(SLICES - 1);

  logic first_q, head_q, has_header;
  logic [SLICE_W-1:0] slice_q;
  logic [COL_W-1:0] col, col_q;
  logic [LEN_W-1:0] left, left_q;
  logic [LANE_W:0] room, count;  // words of data in the slice, and of the message among them
  logic [COL_W:0] end_col;

  assign col = first_q ? col_i : col_q;
  assign left = first_q ? len_i : left_q;
  assign has_header = head_q && slice_q == '0;
  assign room = (LANE_W+1)'((slice_q == LAST_SLICE) ? LAST_WORDS : LANES) -
      (has_header ? (LANE_W+1)'(HDR_WORDS) : '0);
  assign msg_end_o = (left <= LEN_W'(room));
  assign count = msg_end_o ? (LANE_W+1)'(left) : room;
  assign end_col = {1'b0, col} + (COL_W+1)'(count);

  assign first_o = first_q;
  assign head_o = head_q;
  assign slice_o = slice_q;
  assign rotate_o = (has_header ? LANE_W'(HDR_WORDS) : '0) - col[LANE_W-1:0];
  assign empty_o = (count == '0);
  assign straddle_o = (end_col > (COL_W+1)'(ROW_WORDS));
  assign row_end_o = msg_end_o || (end_col >= (COL_W+1)'(ROW_WORDS));
  assign flit_end_o = msg_end_o || slice_q == LAST_SLICE;

  if (SEGMENTS > 1) begin : gen_segment
    assign segment_o = col[COL_W-1:LANE_W];
  end else begin : gen_one_segment
    assign segment_o = '0;
  end

  for (genvar l = 0; l < LANES; l++) begin : gen_lane
    logic [LANE_W-1:0] index;
    assign index = LANE_W'(l) - col[LANE_W-1:0];
    assign lane_o[l] = ({1'b0, index} < count);
  end
  assign low_o = ~({LANES{1'b1}} << col[LANE_W-1:0]);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      head_q <= 1'b1;
      slice_q <= '0;
    end else if (step_i) begin
      first_q <= msg_end_o;
      head_q <= msg_end_o || (head_q && !flit_end_o);
      slice_q <= flit_end_o ? '0 : slice_q + SLICE_W'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (step_i) begin
      col_q <= end_col[COL_W-1:0];
      left_q <= left - LEN_W'(count);
    end
  end

endmodule
