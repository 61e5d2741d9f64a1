// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// formal_any_fifo: in place of tcc_fifo, a buffer of any depth and any contents, for proofs about what
// stands behind it: an item may be at its front at any time, and stays until it is taken.

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

  (* anyseq *)logic [Width-1:0] any_data;
  (* anyseq *)logic any_valid, any_ready;
  logic [Width-1:0] front_q;
  logic waits_q;

  assign in_ready_o = any_ready;
  assign out_valid_o = waits_q || any_valid;
  assign out_data_o = waits_q ? front_q : any_data;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && out_valid_o && !out_ready_i;
    front_q <= out_data_o;
  end

endmodule
