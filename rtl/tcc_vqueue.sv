// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Queue of the vector unit: several in and several out a cycle, in order.
//
// Purpose      Holds the instructions that the core has handed over until they can be issued.
// Protocol     room_o: how many may be pushed in this cycle. push_i and pop_i mark the first so
//              many of their ports. valid_o[n]: data_o's n-th is the n-th oldest.
// Latency      1 cycle.
// Throughput   Ports a cycle.
// Assumes      No more pushed than there is room for, none popped that is not valid.
// Parameters   STANUM -> Depth; VDPNUM -> Ports. Width: ours.
`include "tcc_assert.svh"

module tcc_vqueue #(
  parameter int Depth = 1,
  parameter int Ports = 1,
  parameter int Width = 57,
  localparam int COUNT_W = $clog2(Depth + 1)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  output logic [5:0]             room_o,
  input  logic [Ports-1:0]       push_i,
  input  logic [Ports*Width-1:0] data_i,

  output logic [Ports-1:0]       valid_o,
  output logic [Ports*Width-1:0] data_o,
  input  logic [Ports-1:0]       pop_i
);

  logic [COUNT_W-1:0] count_q;
  logic [6:0]         count, pushed, popped, kept, left;
  logic [Width-1:0]   entry_q [Depth];

  always_comb begin
    pushed = '0;
    popped = '0;
    for (int n = 0; n < Ports; n++) begin
      pushed = pushed + 7'(push_i[n]);
      popped = popped + 7'(pop_i[n]);
    end
  end

  assign count  = 7'(count_q);
  assign kept   = count - popped;
  assign left   = 7'(Depth) - count;
  assign room_o = (left < 7'(Ports)) ? left[5:0] : 6'(Ports);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) count_q <= '0;
    else         count_q <= COUNT_W'(kept + pushed);
  end

  // What each entry becomes: itself, an older one, or a new one.
  for (genvar e = 0; e < Depth; e++) begin : gen_entry
    logic [Width-1:0] next;

    always_comb begin
      next = entry_q[e];
      for (int p = 1; p <= Ports; p++) begin
        if ((popped == 7'(p)) && (e + p < Depth)) next = entry_q[(e + p < Depth) ? e + p : e];
      end
      for (int n = 0; n < Ports; n++) begin
        if (push_i[n] && (kept + 7'(n) == 7'(e))) next = data_i[n*Width +: Width];
      end
    end

    always_ff @(posedge clk_i) entry_q[e] <= next;
  end

  for (genvar n = 0; n < Ports; n++) begin : gen_head
    if (n < Depth) begin : gen_entry
      assign valid_o[n]                = 7'(n) < count;
      assign data_o[n*Width +: Width] = entry_q[n];
    end else begin : gen_none
      assign valid_o[n]                = 1'b0;
      assign data_o[n*Width +: Width] = '0;
    end
  end

  `ASSERT(NoMoreThanRoom, pushed <= 7'(room_o))
  `ASSERT(PopsWhatIsThere, popped <= count)

endmodule
