// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// noc_node_top: a router and its network interface, the network half of a tile. The bench is the
// data memory and the core (simulation only); it gets one write enable a word. With NETLIST
// defined the two units are synthesised netlists, which have these parameters built in.

module noc_node_top #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned FifoDepth = 4,
  parameter int unsigned Vlen = 256,
  parameter int unsigned DmemAw = 14,
  parameter int unsigned MeshCols = 4,
  parameter int unsigned MeshRows = 4
) (
  input logic clk_i,
  input logic rst_ni,
  input logic [5:0] x_i,
  input logic [5:0] y_i,

  input  logic cmd_valid_i,
  output logic cmd_ready_o,
  input  logic [1:0] cmd_op_i,
  input  logic [5:0] cmd_peer_x_i,
  input  logic [5:0] cmd_peer_y_i,
  input  logic [7:0] cmd_ch_i,
  input  logic [DmemAw-1:0] cmd_addr_i,
  input  logic [15:0] cmd_len_i,
  output logic busy_o,
  output logic send_busy_o,
  output logic recv_busy_o,
  output logic recv_done_o,
  output logic err_o,

  output logic dm_req_o,
  input  logic dm_gnt_i,
  output logic [Vlen/32-1:0] dm_we_o,
  output logic [DmemAw-$clog2(Vlen/32)-1:0] dm_addr_o,
  output logic [Vlen-1:0] dm_wdata_o,
  input  logic [Vlen-1:0] dm_rdata_i,

  // North, East, South, West
  input  logic [DflitWidth+1:0] in_flit_i[4],
  input  logic [3:0] in_valid_i,
  output logic [3:0] in_ready_o,
  output logic [DflitWidth+1:0] out_flit_o[4],
  output logic [3:0] out_valid_o,
  input  logic [3:0] out_ready_i
);

  localparam int unsigned FLIT_W = DflitWidth + 2;
  logic [5*FLIT_W-1:0] in_flit, out_flit;
  logic [FLIT_W-1:0] lo_flit;
  logic lo_valid, lo_ready, li_valid, li_ready;
  logic [Vlen/8-1:0] byte_we;
  logic [Vlen/32-1:0] partial_word;

  for (genvar w = 0; w < Vlen / 32; w++) begin : gen_we
    assign dm_we_o[w] = byte_we[4*w];
    assign partial_word[w] = byte_we[4*w+:4] != {4{byte_we[4*w]}};
  end
  always_ff @(posedge clk_i) AWholeWords: assert (!rst_ni || partial_word == '0);

  for (genvar p = 0; p < 4; p++) begin : gen_port
    assign in_flit[FLIT_W*p+:FLIT_W] = in_flit_i[p];
    assign out_flit_o[p] = out_flit[FLIT_W*p+:FLIT_W];
  end
  assign in_flit[FLIT_W*4+:FLIT_W] = lo_flit;

  tcc_router
`ifndef NETLIST
  #(
    .DflitWidth(DflitWidth),
    .FifoDepth (FifoDepth)
  )
`endif
  u_router (
    .clk_i,
    .rst_ni,
    .x_i,
    .y_i,
    .in_flit_i  (in_flit),
    .in_valid_i ({lo_valid, in_valid_i}),
    .in_ready_o ({lo_ready, in_ready_o}),
    .out_flit_o (out_flit),
    .out_valid_o({li_valid, out_valid_o}),
    .out_ready_i({li_ready, out_ready_i})
  );

  tcc_ni
`ifndef NETLIST
  #(
    .DflitWidth(DflitWidth),
    .Vlen      (Vlen),
    .DmemAw    (DmemAw),
    .MeshCols  (MeshCols),
    .MeshRows  (MeshRows)
  )
`endif
  u_ni (
    .clk_i,
    .rst_ni,
    .x_i,
    .y_i,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_op_i,
    .cmd_peer_x_i,
    .cmd_peer_y_i,
    .cmd_ch_i,
    .cmd_addr_i,
    .cmd_len_i,
    .busy_o,
    .send_busy_o,
    .recv_busy_o,
    .recv_done_o,
    .err_o,
    .dm_req_o,
    .dm_gnt_i,
    .dm_we_o    (byte_we),
    .dm_addr_o,
    .dm_wdata_o,
    .dm_rdata_i,
    .lo_flit_o  (lo_flit),
    .lo_valid_o (lo_valid),
    .lo_ready_i (lo_ready),
    .li_flit_i  (out_flit[FLIT_W*4+:FLIT_W]),
    .li_valid_i (li_valid),
    .li_ready_o (li_ready)
  );

endmodule
