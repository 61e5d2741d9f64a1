// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The second port of a tile's data memory, shared by core and network interface.
//
// Purpose      Gives the port to the core when it asks, else to the network interface. Lays the
//              core's words into rows and takes them out again.
// Protocol     Core: a request is served in its cycle; the word that was read is there in the next.
//              Network: a request counts in a cycle with n_gnt_o; the row is there in the next.
// Latency      0 cycles.
// Throughput   1 access a cycle.
// Assumes      The memory shows in a cycle what was read in the one before.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib.
module tcc_dmem_share #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  localparam int ROW_AW = $clog2(DmemKib * (8192 / Vlen)),
  localparam int LANE_AW = $clog2(Vlen / 32),
  localparam int WORD_AW = ROW_AW + LANE_AW
) (
  input  logic               clk_i,

  input  logic               c_req_i,
  input  logic [3:0]         c_we_i,     // by byte; 0: a read
  input  logic [WORD_AW-1:0] c_addr_i,
  input  logic [31:0]        c_wdata_i,
  output logic [31:0]        c_rdata_o,

  input  logic               n_req_i,
  output logic               n_gnt_o,
  input  logic [Vlen/8-1:0]  n_we_i,
  input  logic [ROW_AW-1:0]  n_addr_i,
  input  logic [Vlen-1:0]    n_wdata_i,

  output logic               req_o,
  output logic [Vlen/8-1:0]  we_o,
  output logic [ROW_AW-1:0]  addr_o,
  output logic [Vlen-1:0]    wdata_o,
  input  logic [Vlen-1:0]    rdata_i
);

  logic [LANE_AW-1:0] lane, lane_q;

  assign lane    = c_addr_i[LANE_AW-1:0];
  assign n_gnt_o = n_req_i && !c_req_i;
  assign req_o   = c_req_i || n_req_i;
  assign addr_o  = c_req_i ? c_addr_i[WORD_AW-1:LANE_AW] : n_addr_i;
  assign we_o    = c_req_i ? (Vlen/8)'(c_we_i) << {lane, 2'd0} : n_we_i;
  assign wdata_o = c_req_i ? {(Vlen/32){c_wdata_i}} : n_wdata_i;

  always_ff @(posedge clk_i) begin
    if (c_req_i) lane_q <= lane;
  end

  assign c_rdata_o = rdata_i[{lane_q, 5'd0} +: 32];

endmodule
