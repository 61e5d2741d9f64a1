// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_walk: the rows of memory that the messages of an engine of the network interface lie in,
// one after the other, ahead of the words themselves.
//
// Protocol    cmd_valid_i hands over a command (see Assumes). row_valid_o offers the next row of
//             the oldest command, row_ready_i takes it. A message of no words has one row, marked
//             row_empty_o, so that every command has a last row.
// Latency     1 cycle from a command to its first row.
// Throughput  one row a cycle.
// Assumes     a new command only while fewer than Queue have rows left.
//
// Parameters  VLEN -> Vlen (128 to 2048, a power of two); DMEM -> DmemAw (log2 of the words); Queue

`include "tcc_assert.svh"

module tcc_ni_walk #(
  parameter int unsigned Vlen = 128,
  parameter int unsigned DmemAw = 12,
  parameter int unsigned Queue = 2,
  localparam int unsigned COL_W = $clog2(Vlen / 32),
  localparam int unsigned ROW_AW = DmemAw - COL_W
) (
  input logic clk_i,
  input logic rst_ni,

  input logic                             cmd_valid_i,
  input logic                             cmd_add_i,
  input logic [               DmemAw-1:0] cmd_addr_i,
  input logic [tcc_noc_pkg::LENGTH_W-1:0] cmd_len_i,

  output logic              row_valid_o,
  input  logic              row_ready_i,
  output logic [ROW_AW-1:0] row_o,
  output logic              row_add_o,
  output logic              row_empty_o,
  output logic              row_last_o
);

  localparam int unsigned LEN_W = tcc_noc_pkg::LENGTH_W;

  logic [DmemAw-1:0] addr;
  logic [LEN_W-1:0] len, done_q;  // done: rows of this command already taken
  logic [LEN_W:0] end_word;  // of the message, counted from the start of its first row
  logic fifo_ready, last;

  tcc_fifo #(
    .Width      (1 + DmemAw + LEN_W),
    .Depth      (Queue),
    .PassThrough(1'b0)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .in_data_i  ({cmd_add_i, cmd_addr_i, cmd_len_i}),
    .in_valid_i (cmd_valid_i),
    .in_ready_o (fifo_ready),
    .out_data_o ({row_add_o, addr, len}),
    .out_valid_o(row_valid_o),
    .out_ready_i(row_ready_i && last)
  );

  assign end_word = {1'b0, len} + (LEN_W+1)'(addr[COL_W-1:0]);
  // The rows taken and this one hold the message.
  assign last = ({1'b0, done_q} + (LEN_W+1)'(1)) << COL_W >= end_word;
  assign row_o = addr[DmemAw-1:COL_W] + ROW_AW'(done_q);
  assign row_empty_o = (len == '0);
  assign row_last_o = last;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) done_q <= '0;
    else if (row_valid_o && row_ready_i) done_q <= last ? '0 : done_q + LEN_W'(1);
  end

  `ASSERT(AWalkQueue, !cmd_valid_i || fifo_ready)

endmodule
