// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The loop that a core is in.
//
// Purpose      Counts the turns of s.loop, whose end dispatch recognises by its address, so that
//              going back costs no instruction and no cycle.
// Protocol     set_i begins turns_i turns from begin_i up to end_i; turn_i ends one. open_o: the
//              present turn is not the last. clear_i: in no loop.
// Latency      1 cycle from set_i, turn_i to open_o.
// Throughput   A turn a cycle.
// Assumes      turns_i is not 0; turn_i only while open_o.
// Parameters   none.
`include "tcc_assert.svh"

module tcc_loop (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,

  input  logic        set_i,
  input  logic [31:0] begin_i,
  input  logic [31:0] end_i,
  input  logic [31:0] turns_i,
  input  logic        turn_i,

  output logic        open_o,
  output logic [31:0] begin_o,
  output logic [31:0] end_o
);

  logic [31:0] left_q;  // turns after the present one

  assign open_o = left_q != '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni)      left_q <= '0;
    else if (clear_i) left_q <= '0;
    else if (set_i)   left_q <= turns_i - 32'd1;
    else if (turn_i)  left_q <= left_q - 32'd1;
  end

  always_ff @(posedge clk_i) begin
    if (set_i) begin
      begin_o <= begin_i;
      end_o   <= end_i;
    end
  end

  `ASSERT(SomeTurns, !set_i || (turns_i != '0))
  `ASSERT(TurnOfALoop, !turn_i || open_o)

endmodule
