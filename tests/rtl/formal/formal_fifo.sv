// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// formal_fifo: tcc_fifo is first in, first out, for an unbounded proof (formal_fifo.sh).
//
// Proved   an item, any one, leaves exactly when all that were ahead of it have left, unaltered;
//          an item is offered while the buffer holds one (or, passing through, one comes in), there
//          is room while it holds fewer than Depth, and what is offered stays until it is taken. So
//          nothing is lost, doubled, altered or overtaken.

module formal_fifo #(
  parameter int unsigned Depth = 4,
  parameter bit PassThrough = 1'b1
) (
  input logic clk_i,
  input logic [1:0] in_data_i,
  input logic in_valid_i,
  input logic out_ready_i,
  input logic mark_i  // this is the item
);

  logic rst_n_q = 1'b0;
  always_ff @(posedge clk_i) rst_n_q <= 1'b1;

  logic [1:0] out_data;
  logic in_ready, out_valid, enter, leave;

  tcc_fifo #(
    .Width(2),
    .Depth(Depth),
    .PassThrough(PassThrough)
  ) u_fifo (
    .clk_i,
    .rst_ni(rst_n_q),
    .in_data_i,
    .in_valid_i,
    .in_ready_o(in_ready),
    .out_data_o(out_data),
    .out_valid_o(out_valid),
    .out_ready_i
  );

  assign enter = in_valid_i && in_ready;
  assign leave = out_valid && out_ready_i;

  logic [3:0] inside_q, ahead_q;  // items held; those that leave before the marked one
  logic marked_q;  // the marked one is inside
  logic [1:0] data_q, offered_q;
  logic held_q;
  always_ff @(posedge clk_i) begin
    offered_q <= out_data;
    if (!rst_n_q) begin
      inside_q <= '0;
      marked_q <= 1'b0;
      ahead_q <= '0;
      held_q <= 1'b0;
    end else begin
      held_q <= out_valid && !out_ready_i;
      inside_q <= inside_q + {3'd0, enter} - {3'd0, leave};
      if (marked_q) begin
        ahead_q <= ahead_q - {3'd0, leave};
        if (leave && ahead_q == '0) marked_q <= 1'b0;
      end else if (enter && mark_i && !(leave && inside_q == '0)) begin
        marked_q <= 1'b1;
        ahead_q <= inside_q - {3'd0, leave};
        data_q <= in_data_i;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_n_q) begin
      AOffered: assert (out_valid == (inside_q != '0 || (PassThrough && in_valid_i)));
      ARoom: assert (in_ready == (32'(inside_q) < Depth));
      AAhead: assert (!marked_q || ahead_q < inside_q);
      AItem: assert (!marked_q || ahead_q != '0 || (out_valid && out_data == data_q));
      APasses: assert (inside_q != '0 || !out_valid || out_data == in_data_i);
      AHolds: assert (!held_q || (out_valid && out_data == offered_q));
    end
  end

endmodule
