// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The compute half of a tile: tensor engine, vector unit, weight memory, data memory.
//
// Purpose      Composition, and who has the wide ports of the memories: the tensor engine, which
//              is never refused, then the vector unit. The other half of the tile is program and
//              network; they meet in tcc_tile.
// Protocol     cmd_*, t_idle_o: as tcc_tensor. vec_*, v_idle_o: as tcc_vector. n_*: the second port
//              of tcc_dmem. fault_o: a row past the end of its memory.
// Latency, throughput  as tcc_tensor and tcc_vector.
// Assumes      as tcc_tensor and tcc_dmem.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib; WMEM -> WmemKib; STANUM -> Stanum; VDPNUM -> Vdpnum;
//              VR_WP -> VrWp.
module tcc_compute #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter int WmemKib = 64,
  parameter int Stanum = 1,
  parameter int Vdpnum = 1,
  parameter int VrWp = 1,
  parameter     WmemFile = "",
  parameter     DmemFile = "",
  localparam int DMEM_ROWS = DmemKib * (8192 / Vlen),
  localparam int DMEM_AW = $clog2(DMEM_ROWS)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      cmd_valid_i,
  output logic                      cmd_ready_o,
  input  logic [tcc_pkg::OP_W-1:0]  cmd_op_i,
  input  logic [tcc_pkg::ARG_W-1:0] cmd_arg_i,
  output logic                      t_idle_o,

  output logic [5:0]                vec_room_o,
  input  logic [Vdpnum-1:0]         vec_valid_i,
  input  logic [Vdpnum*32-1:0]      vec_word_i,
  input  logic [Vdpnum*32-1:0]      vec_x_i,
  output logic                      v_idle_o,
  output logic                      fault_o,

  input  logic                      n_req_i,
  input  logic [Vlen/8-1:0]         n_we_i,
  input  logic [DMEM_AW-1:0]        n_addr_i,
  input  logic [Vlen-1:0]           n_wdata_i,
  output logic [Vlen-1:0]           n_rdata_o
);

  // Tensor engine's requests, vector unit's requests, what the memories get.
  logic                       td_req, td_we, tw_req, tw_hold, vd_req, vd_gnt, vd_we, vw_req, vw_gnt;
  logic                       dw_req, dw_we, wm_req, dm_oob, wm_oob, v_fault;
  logic [DMEM_AW-1:0]         td_addr, vd_addr, dw_addr;
  logic [Vlen-1:0]            td_wdata, vd_wdata, dw_wdata, dw_rdata, wm_rdata;
  logic [tcc_pkg::WPTR_W-1:0] tw_addr, vw_addr, wm_addr;

  assign vd_gnt   = !td_req;
  assign dw_req   = td_req || vd_req;
  assign dw_we    = td_req ? td_we : vd_we;
  assign dw_addr  = td_req ? td_addr : vd_addr;
  assign dw_wdata = td_req ? td_wdata : vd_wdata;
  assign vw_gnt   = !tw_hold;
  assign wm_req   = tw_req || (vw_req && vw_gnt);
  assign wm_addr  = tw_hold ? tw_addr : vw_addr;
  assign fault_o  = wm_oob || dm_oob || v_fault;

  tcc_tensor #(
    .Vlen     (Vlen),
    .DmemAw   (DMEM_AW),
    .DmemRows (DMEM_ROWS)
  ) u_tensor (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .cmd_valid_i (cmd_valid_i),
    .cmd_ready_o (cmd_ready_o),
    .cmd_op_i    (cmd_op_i),
    .cmd_arg_i   (cmd_arg_i),
    .idle_o      (t_idle_o),
    .dm_req_o    (td_req),
    .dm_we_o     (td_we),
    .dm_addr_o   (td_addr),
    .dm_wdata_o  (td_wdata),
    .dm_rdata_i  (dw_rdata),
    .dm_oob_o    (dm_oob),
    .wm_req_o    (tw_req),
    .wm_addr_o   (tw_addr),
    .wm_hold_o   (tw_hold),
    .wm_rdata_i  (wm_rdata)
  );

  tcc_vector #(
    .Vlen    (Vlen),
    .Stanum  (Stanum),
    .Vdpnum  (Vdpnum),
    .VrWp    (VrWp),
    .DmemKib (DmemKib)
  ) u_vector (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .room_o     (vec_room_o),
    .valid_i    (vec_valid_i),
    .word_i     (vec_word_i),
    .x_i        (vec_x_i),
    .idle_o     (v_idle_o),
    .fault_o    (v_fault),
    .dm_req_o   (vd_req),
    .dm_gnt_i   (vd_gnt),
    .dm_we_o    (vd_we),
    .dm_addr_o  (vd_addr),
    .dm_wdata_o (vd_wdata),
    .dm_rdata_i (dw_rdata),
    .wm_req_o   (vw_req),
    .wm_gnt_i   (vw_gnt),
    .wm_addr_o  (vw_addr),
    .wm_rdata_i (wm_rdata)
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
    .oob_o   (wm_oob)
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
