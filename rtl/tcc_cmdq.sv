// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Small first-in first-out queue for commands.
//
// Purpose      Decouples the issue of commands from their execution.
// Protocol     ready/valid at both ends; head_o is the oldest entry while valid_o. ready_o and
//              valid_o come from registers and do not depend on the other end in the same cycle.
// Latency      1 cycle from push to valid_o.
// Throughput   1 entry a cycle.
// Assumes      Depth is a power of two, 2 or more.
// Parameters   Width, Depth (no parameter of the paper).
`include "tcc_assert.svh"

module tcc_cmdq #(
  parameter int Width = 8,
  parameter int Depth = 4
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,

  output logic             valid_o,
  input  logic             pop_i,
  output logic [Width-1:0] head_o
);

  localparam int PTR_W = $clog2(Depth);

  if (Depth < 2 || Depth != (1 << PTR_W)) begin : gen_bad_depth
    $error("tcc_cmdq: Depth must be a power of two, 2 or more");
  end

  logic [Width-1:0] mem [Depth];
  logic [PTR_W-1:0]  wr_q, rd_q;
  logic [PTR_W:0]    count_q, count_d;
  logic             push;

  assign ready_o = !count_q[PTR_W];
  assign valid_o = count_q != '0;
  assign head_o  = mem[rd_q];
  assign push    = valid_i && ready_o;
  assign count_d = count_q + (PTR_W+1)'(push) - (PTR_W+1)'(pop_i);

  always_ff @(posedge clk_i) begin
    if (push) mem[wr_q] <= data_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wr_q    <= '0;
      rd_q    <= '0;
      count_q <= '0;
    end else begin
      wr_q    <= wr_q + PTR_W'(push);
      rd_q    <= rd_q + PTR_W'(pop_i);
      count_q <= count_d;
    end
  end

  `ASSERT(PopOnlyWhenValid, !pop_i || valid_o)

endmodule
