// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The compute half of a tile: tensor engine, weight memory, data memory.
//
// Purpose      Composition. The other half of the tile is program and network; they meet in
//              tcc_tile.
// Protocol     cmd_*, idle_o: as tcc_tensor. n_*: the narrow port of tcc_dmem. wm_oob_o: as
//              tcc_wmem.
// Latency, throughput  as tcc_tensor.
// Assumes      as tcc_tensor and tcc_dmem.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib; WMEM -> WmemKib.
module tcc_compute #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter int WmemKib = 64,
  parameter     WmemFile = "",
  parameter     DmemFile = "",
  localparam int DMEM_AW = $clog2(DmemKib * (8192 / Vlen)),
  localparam int WORD_AW = $clog2(DmemKib * 256)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      cmd_valid_i,
  output logic                      cmd_ready_o,
  input  logic [tcc_pkg::OP_W-1:0]  cmd_op_i,
  input  logic [tcc_pkg::ARG_W-1:0] cmd_arg_i,
  output logic                      idle_o,
  output logic                      wm_oob_o,

  input  logic                      n_req_i,
  input  logic                      n_we_i,
  input  logic [WORD_AW-1:0]        n_addr_i,
  input  logic [31:0]               n_wdata_i,
  output logic [31:0]               n_rdata_o
);

  logic                       dw_req, dw_we, wm_req;
  logic [DMEM_AW-1:0]         dw_addr;
  logic [Vlen-1:0]            dw_wdata, dw_rdata, wm_rdata;
  logic [tcc_pkg::WPTR_W-1:0] wm_addr;

  tcc_tensor #(
    .Vlen   (Vlen),
    .DmemAw (DMEM_AW)
  ) u_tensor (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .cmd_valid_i (cmd_valid_i),
    .cmd_ready_o (cmd_ready_o),
    .cmd_op_i    (cmd_op_i),
    .cmd_arg_i   (cmd_arg_i),
    .idle_o      (idle_o),
    .dm_req_o    (dw_req),
    .dm_we_o     (dw_we),
    .dm_addr_o   (dw_addr),
    .dm_wdata_o  (dw_wdata),
    .dm_rdata_i  (dw_rdata),
    .wm_req_o    (wm_req),
    .wm_addr_o   (wm_addr),
    .wm_rdata_i  (wm_rdata)
  );

  tcc_wmem #(
    .Vlen     (Vlen),
    .WmemKib  (WmemKib),
    .WmemFile (WmemFile)
  ) u_wmem (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .req_i   (wm_req),
    .addr_i  (wm_addr),
    .rdata_o (wm_rdata),
    .oob_o   (wm_oob_o)
  );

  tcc_dmem #(
    .Vlen     (Vlen),
    .DmemKib  (DmemKib),
    .DmemFile (DmemFile)
  ) u_dmem (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .w_req_i   (dw_req),
    .w_we_i    (dw_we),
    .w_addr_i  (dw_addr),
    .w_wdata_i (dw_wdata),
    .w_rdata_o (dw_rdata),
    .n_req_i   (n_req_i),
    .n_we_i    (n_we_i),
    .n_addr_i  (n_addr_i),
    .n_wdata_i (n_wdata_i),
    .n_rdata_o (n_rdata_o)
  );

endmodule
