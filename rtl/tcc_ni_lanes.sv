// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_lanes: the words of the row buffers that one slice covers, each in its lane (see
// tcc_ni_cursor): of the segment in the running row, of the one after it where low_i says so, which
// after a row's last segment is the first of the next buffer.
//
// Protocol, latency, throughput   combinational.
// Assumes     Lanes * Segments * 32 = Vlen; Banks, Lanes and Segments are powers of two.
//
// Parameters  VLEN -> Vlen; the others follow from it and DFLIT_WIDTH in tcc_ni_send, tcc_ni_recv

module tcc_ni_lanes #(
  parameter int unsigned Vlen = 128,
  parameter int unsigned Lanes = 2,
  parameter int unsigned Banks = 4,
  localparam int unsigned SEGMENTS = Vlen / 32 / Lanes,
  localparam int unsigned SEGMENT_W = (SEGMENTS > 1) ? $clog2(SEGMENTS) : 1
) (
  input  logic [   Banks*Vlen-1:0] bank_i,
  input  logic [$clog2(Banks)-1:0] use_i,
  input  logic [    SEGMENT_W-1:0] segment_i,
  input  logic [        Lanes-1:0] low_i,
  output logic [     32*Lanes-1:0] lanes_o
);

  localparam int unsigned BANK_W = $clog2(Banks);
  localparam int unsigned ROW_BITS_W = $clog2(Vlen);
  localparam int unsigned SEG_BITS = 32 * Lanes;

  logic [BANK_W-1:0] use_next;
  logic [Vlen-1:0] row;
  logic [SEG_BITS-1:0] this_segment, next_segment, next_row;

  assign use_next = use_i + BANK_W'(1);
  assign row = bank_i[{use_i, {ROW_BITS_W{1'b0}}}+:Vlen];
  assign next_row = bank_i[{use_next, {ROW_BITS_W{1'b0}}}+:SEG_BITS];

  if (SEGMENTS > 1) begin : gen_segments
    logic [SEGMENT_W-1:0] segment_next;
    assign segment_next = segment_i + SEGMENT_W'(1);
    assign this_segment = row[{segment_i, {$clog2(SEG_BITS){1'b0}}}+:SEG_BITS];
    assign next_segment = (segment_next == '0) ? next_row :
        row[{segment_next, {$clog2(SEG_BITS){1'b0}}}+:SEG_BITS];
  end else begin : gen_one_segment
    logic unused_segment;
    assign unused_segment = segment_i[0];
    assign this_segment = row;
    assign next_segment = next_row;
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    assign lanes_o[32*l+:32] = low_i[l] ? next_segment[32*l+:32] : this_segment[32*l+:32];
  end

endmodule
