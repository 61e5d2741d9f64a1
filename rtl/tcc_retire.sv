// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Retirement port of the scalar core: what a bench or a proof steps beside a model.
//
// Purpose      Remembers of each reservation station which instruction was dispatched into it, and
//              shows it when the instruction is done. Nothing in the core depends on it: a
//              synthesis that leaves the port open removes it.
// Protocol     One channel a result bus, and Others for what writes no register: order counts
//              instructions as they were dispatched; pc, word and value (for rd; of a store its
//              data, of a command its second operand); a and b: the operands that it was
//              executed with. The channels show them as they are done.
// Latency      0 cycles.
// Throughput   XrWp + Others a cycle.
// Assumes      Dispatch as in tcc_dispatch.
// Parameters   STANUM -> Stanum; XDPNUM -> Xdpnum; VDPNUM -> Others; XR_WP -> XrWp. OrderW: bits of
//              the count, which starts again at 0 after the last; a bench that must see all of it
//              takes few.
module tcc_retire #(
  parameter int Stanum = 1,
  parameter int Xdpnum = 1,
  parameter int Others = 1,
  parameter int XrWp = 1,
  parameter int OrderW = 32,
  localparam int TAG_W = (Stanum > 1) ? $clog2(Stanum) : 1,
  localparam int COUNT_W = $clog2(Xdpnum + 1),
  localparam int CHANNELS = XrWp + Others
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      clear_i,

  input  logic [Xdpnum-1:0]         dispatch_i,
  input  logic [Xdpnum*TAG_W-1:0]   lane_tag_i,
  input  logic [Xdpnum*32-1:0]      lane_pc_i,
  input  logic [Xdpnum*32-1:0]      lane_word_i,

  input  logic [Stanum*32-1:0]      a_i,         // operands in the stations
  input  logic [Stanum*32-1:0]      b_i,
  input  logic [CHANNELS-1:0]       done_i,
  input  logic [CHANNELS*TAG_W-1:0] tag_i,
  input  logic [CHANNELS*32-1:0]    value_i,

  output logic [CHANNELS-1:0]       valid_o,
  output logic [CHANNELS*OrderW-1:0] order_o,
  output logic [CHANNELS*32-1:0]    pc_o,
  output logic [CHANNELS*32-1:0]    word_o,
  output logic [CHANNELS*32-1:0]    value_o,
  output logic [CHANNELS*32-1:0]    a_o,
  output logic [CHANNELS*32-1:0]    b_o
);

  logic [OrderW-1:0]  order_q;
  logic [COUNT_W-1:0] entered;
  logic [OrderW-1:0]  order_of_q [Stanum];
  logic [31:0]        pc_of_q [Stanum];
  logic [31:0]        word_of_q [Stanum];

  always_comb begin
    entered = '0;
    for (int n = 0; n < Xdpnum; n++) entered = entered + COUNT_W'(dispatch_i[n]);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni)      order_q <= '0;
    else if (clear_i) order_q <= '0;
    else              order_q <= order_q + OrderW'(entered);
  end

  always_ff @(posedge clk_i) begin
    for (int n = 0; n < Xdpnum; n++) begin
      if (dispatch_i[n]) begin
        order_of_q[lane_tag_i[n*TAG_W +: TAG_W]] <= order_q + OrderW'(n);
        pc_of_q[lane_tag_i[n*TAG_W +: TAG_W]]    <= lane_pc_i[n*32 +: 32];
        word_of_q[lane_tag_i[n*TAG_W +: TAG_W]]  <= lane_word_i[n*32 +: 32];
      end
    end
  end

  for (genvar k = 0; k < CHANNELS; k++) begin : gen_channel
    assign order_o[k*OrderW +: OrderW] = order_of_q[tag_i[k*TAG_W +: TAG_W]];
    assign pc_o[k*32 +: 32]    = pc_of_q[tag_i[k*TAG_W +: TAG_W]];
    assign word_o[k*32 +: 32]  = word_of_q[tag_i[k*TAG_W +: TAG_W]];
    assign a_o[k*32 +: 32]     = a_i[32*32'(tag_i[k*TAG_W +: TAG_W]) +: 32];
    assign b_o[k*32 +: 32]     = b_i[32*32'(tag_i[k*TAG_W +: TAG_W]) +: 32];
  end

  assign valid_o = done_i;
  assign value_o = value_i;

endmodule
