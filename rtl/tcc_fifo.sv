// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_fifo: first-in first-out buffer: the router's input buffers (PassThrough) and the tensor
// engine's command queues (registered at both ends).
//
// Protocol    valid/ready on both sides; a transfer happens at an edge where both are high.
//             in_ready_o is a function of flops only. So are out_valid_o and out_data_o, except
//             that with PassThrough an empty buffer shows in_valid_i and in_data_i there.
// Latency     0 cycles through an empty buffer with PassThrough, else 1.
// Throughput  one item a cycle at Depth >= 2, with PassThrough at Depth 1 as well (Depth 2 hides
//             one cycle of back-pressure).
// Assumes     the producer keeps in_data_i stable while it waits.
//
// Parameters  Width, Depth, PassThrough: not named in the paper (derived from DFLIT_WIDTH and the
//             microarchitecture)

`include "tcc_assert.svh"

module tcc_fifo #(
  parameter int unsigned Width = 66,
  parameter int unsigned Depth = 2,
  parameter bit PassThrough = 1'b1
) (
  input logic clk_i,
  input logic rst_ni,

  input  logic [Width-1:0] in_data_i,
  input  logic             in_valid_i,
  output logic             in_ready_o,

  output logic [Width-1:0] out_data_o,
  output logic             out_valid_o,
  input  logic             out_ready_i
);

  localparam int unsigned PTR_W = (Depth > 1) ? $clog2(Depth) : 1;
  localparam int unsigned COUNT_W = $clog2(Depth + 1);
  localparam logic [PTR_W-1:0] LAST = PTR_W'(Depth - 1);

  logic [Width-1:0] mem_q[Depth];
  logic [PTR_W-1:0] write_ptr_q, read_ptr_q;
  logic [COUNT_W-1:0] count_q;
  logic empty, pass, push, pop;

  assign empty = (count_q == '0);
  assign pass = PassThrough && empty;
  assign in_ready_o = (count_q != COUNT_W'(Depth));
  assign out_valid_o = pass ? in_valid_i : !empty;
  assign out_data_o = pass ? in_data_i : mem_q[read_ptr_q];

  // An item that leaves in the cycle it arrives is never stored.
  assign push = in_valid_i && in_ready_o && !(pass && out_ready_i);
  assign pop = !empty && out_ready_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_ptr_q <= '0;
      read_ptr_q <= '0;
      count_q <= '0;
    end else begin
      if (push) write_ptr_q <= (write_ptr_q == LAST) ? '0 : write_ptr_q + PTR_W'(1);
      if (pop) read_ptr_q <= (read_ptr_q == LAST) ? '0 : read_ptr_q + PTR_W'(1);
      count_q <= count_q + COUNT_W'(push) - COUNT_W'(pop);
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) mem_q[write_ptr_q] <= in_data_i;
  end

  `ASSERT(AFifoCount, {1'b0, count_q} <= (COUNT_W+1)'(Depth))
  `ASSERT(AFifoNoOverflow, !(push && !pop && count_q == COUNT_W'(Depth)))
  `ASSERT(AFifoNoUnderflow, !(pop && empty))

endmodule
