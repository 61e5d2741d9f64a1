// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One tile of the mesh: program, core, tensor engine, vector unit, memories, network.
//
//   IMEM -> core -+-> commands -+-> tensor engine --+-- DMEM, first port
//                 |             |                   +-- WMEM
//                 +-> vectors --|-> vector unit ----+
//                 |             +-> network interface --+-- DMEM, second port
//                 |                      |              |
//                 |                      +-- router <-> N E S W
//                 +-> loads, stores --------------------+
//
// Purpose      Composition only; every function is in the module named for it.
// Protocol     start_i starts the program, done_o and error_o as in tcc_core; a code of s.halt other
//              than 0 raises error_o too. Links: ready/valid per direction, order N = 0, E = 1, S =
//              2, W = 3, flat; flit = {head, tail, payload}. x grows to the East, y to the South.
//              Edge links: valid_i = 0, ready_i = 1.
// Latency      1 cycle a hop; program timing as in tcc_core, tcc_tensor, tcc_vector, tcc_ni.
// Throughput   One weight row a cycle; one flit a cycle and link.
// Timing       Every output comes from a register (done_o, flit_o, valid_o), a gate behind registers
//              (error_o), or the full flag of a register (ready_o): no combinational path crosses a
//              tile.
// Assumes      x_i < MeshCols and y_i < MeshRows, constant. Memory images as in tcc_imem, tcc_wmem,
//              tcc_dmem.
//
//   paper        ours        range                     hardware
//   FETCH_SIZE   FetchSize   1..16                     IMEM width, words a fetch
//   VLEN         Vlen        128..2048, power of two   lanes (VLEN/16), DMEM and WMEM width
//   DMEM         DmemKib     16..512, steps of 16      DMEM depth
//   IMEM         ImemKib     1..128                    IMEM depth
//   WMEM         WmemKib     steps of 64               WMEM depth
//   DFLIT_WIDTH  DflitWidth  64..8192, steps of 64     link and flit width
//   STANUM       Stanum      1..32                     reservation stations
//   XR_WP        XrWp        1..16                     scalar register write ports, result buses
//   XDPNUM       Xdpnum      1..16                     instructions dispatched a cycle, ALUs
//   VR_WP        VrWp        1..16                     vector register banks
//   VDPNUM       Vdpnum      1..16                     vector instructions a cycle, units
//   mesh         MeshCols, MeshRows  1..64             NI grant table, address check
`include "tcc_assert.svh"

module tcc_tile #(
  parameter int FetchSize = 1,
  parameter int Stanum = 1,
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter int ImemKib = 1,
  parameter int WmemKib = 64,
  parameter int DflitWidth = 64,
  parameter int XrWp = 1,
  parameter int VrWp = 1,
  parameter int Xdpnum = 1,
  parameter int Vdpnum = 1,
  parameter int MeshCols = 8,
  parameter int MeshRows = 8,
  parameter     ImemFile = "",
  parameter     WmemFile = "",
  parameter     DmemFile = ""
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic [5:0]                  x_i,
  input  logic [5:0]                  y_i,

  input  logic                        start_i,
  output logic                        done_o,
  output logic                        error_o,

  input  logic [4*(DflitWidth+2)-1:0] flit_i,
  input  logic [3:0]                  valid_i,
  output logic [3:0]                  ready_o,
  output logic [4*(DflitWidth+2)-1:0] flit_o,
  output logic [3:0]                  valid_o,
  input  logic [3:0]                  ready_i
);

  localparam int WORD_AW = $clog2(DmemKib * 256);
  localparam int DMEM_AW = $clog2(DmemKib * (8192 / Vlen));
  localparam int IMEM_AW = $clog2(ImemKib * 256 / FetchSize);
  localparam int FLIT_W = DflitWidth + 2;

  if (Stanum < 1 || Stanum > 32 || XrWp < 1 || XrWp > 16 || VrWp < 1 || VrWp > 16 ||
      Xdpnum < 1 || Xdpnum > 16 || Vdpnum < 1 || Vdpnum > 16) begin : gen_bad_core
    $error("tcc_tile: Stanum must be 1 to 32, XrWp, VrWp, Xdpnum and Vdpnum 1 to 16");
  end
  if (MeshCols < 1 || MeshCols > 64 || MeshRows < 1 || MeshRows > 64) begin : gen_bad_mesh
    $error("tcc_tile: MeshCols and MeshRows must be 1 to 64");
  end

  // Program.
  logic                    im_req;
  logic [IMEM_AW-1:0]      im_addr;
  logic [32*FetchSize-1:0] im_rdata;

  tcc_imem #(
    .FetchSize (FetchSize),
    .ImemKib   (ImemKib),
    .ImemFile  (ImemFile)
  ) u_imem (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .req_i   (im_req),
    .addr_i  (im_addr),
    .rdata_o (im_rdata)
  );

  // Core
  logic                             cmd_valid, cmd_ready, cmd_fault, units_idle, units_fault;
  logic [tcc_core_pkg::CMD_W-1:0]   cmd_op;
  logic [tcc_pkg::FLAGS_W-1:0] cmd_flags;
  logic [31:0]                      cmd_a, cmd_b, id;
  logic                             dc_req;
  logic [3:0]                       dc_we;
  logic [WORD_AW-1:0]               dc_addr;
  logic [31:0]                      dc_wdata, dc_rdata;
  logic                             core_error;
  logic [11:0]                      code;
  logic [Vdpnum-1:0]                vec_valid;
  logic [Vdpnum*32-1:0]             vec_word, vec_x;
  logic [5:0]                       vec_room;

  assign id = {10'd0, y_i, 10'd0, x_i};

  // A program that ends with a code other than 0 has found something wrong.
  assign error_o = core_error || (done_o && (code != 12'd0));

  // What retires is for benches, which look into the tile.
  localparam int CHANNELS = XrWp + Vdpnum;
  logic [CHANNELS-1:0]    ret_valid /* verilator public_flat_rd */;
  logic [CHANNELS*32-1:0] ret_order /* verilator public_flat_rd */;
  logic [CHANNELS*32-1:0] ret_pc /* verilator public_flat_rd */;
  logic [CHANNELS*32-1:0] ret_word /* verilator public_flat_rd */;
  logic [CHANNELS*32-1:0] ret_value /* verilator public_flat_rd */;
  logic [31:0]            ret_address /* verilator public_flat_rd */;
  logic [3:0]             ret_mask /* verilator public_flat_rd */;
  logic [CHANNELS*32-1:0] unused_ret_a, unused_ret_b;  // for proofs of the core

  tcc_core #(
    .FetchSize (FetchSize),
    .Stanum    (Stanum),
    .Xdpnum    (Xdpnum),
    .Vdpnum    (Vdpnum),
    .XrWp      (XrWp),
    .ImemKib   (ImemKib),
    .DmemKib   (DmemKib)
  ) u_core (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .id_i          (id),
    .start_i       (start_i),
    .done_o        (done_o),
    .error_o       (core_error),
    .code_o        (code),
    .im_req_o      (im_req),
    .im_addr_o     (im_addr),
    .im_rdata_i    (im_rdata),
    .dm_req_o      (dc_req),
    .dm_ready_i    (1'b1),
    .dm_we_o       (dc_we),
    .dm_addr_o     (dc_addr),
    .dm_wdata_o    (dc_wdata),
    .dm_rdata_i    (dc_rdata),
    .cmd_valid_o   (cmd_valid),
    .cmd_ready_i   (cmd_ready),
    .cmd_fault_i   (cmd_fault),
    .cmd_op_o      (cmd_op),
    .cmd_flags_o   (cmd_flags),
    .cmd_a_o       (cmd_a),
    .cmd_b_o       (cmd_b),
    .vec_valid_o   (vec_valid),
    .vec_word_o    (vec_word),
    .vec_x_o       (vec_x),
    .vec_room_i    (vec_room),
    .units_idle_i  (units_idle),
    .units_fault_i (units_fault),
    .ret_valid_o   (ret_valid),
    .ret_order_o   (ret_order),
    .ret_pc_o      (ret_pc),
    .ret_word_o    (ret_word),
    .ret_value_o   (ret_value),
    .ret_a_o       (unused_ret_a),
    .ret_b_o       (unused_ret_b),
    .ret_address_o (ret_address),
    .ret_mask_o    (ret_mask)
  );

  // Commands to the units.
  logic                              t_valid, t_ready, t_idle, v_idle, c_fault;
  logic [tcc_pkg::OP_W-1:0]          t_op;
  logic [tcc_pkg::ARG_W-1:0]         t_arg;
  logic                              ni_valid, ni_ready, send_busy, recv_busy, recv_done, ni_fault;
  logic [1:0]                        ni_op;
  logic [tcc_noc_pkg::COORD_W-1:0]   peer_x, peer_y;
  logic [tcc_noc_pkg::CHANNEL_W-1:0] ni_ch;
  logic [WORD_AW-1:0]                ni_addr;
  logic [tcc_noc_pkg::LENGTH_W-1:0]  ni_len;

  tcc_command #(
    .Vlen     (Vlen),
    .DmemKib  (DmemKib),
    .MeshCols (MeshCols),
    .MeshRows (MeshRows)
  ) u_command (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .cmd_valid_i   (cmd_valid),
    .cmd_ready_o   (cmd_ready),
    .cmd_fault_o   (cmd_fault),
    .cmd_op_i      (cmd_op),
    .cmd_flags_i   (cmd_flags),
    .cmd_a_i       (cmd_a),
    .cmd_b_i       (cmd_b),
    .units_idle_o  (units_idle),
    .units_fault_o (units_fault),
    .t_valid_o     (t_valid),
    .t_ready_i     (t_ready),
    .t_op_o        (t_op),
    .t_arg_o       (t_arg),
    .t_idle_i      (t_idle),
    .t_fault_i     (c_fault),
    .ni_valid_o    (ni_valid),
    .ni_ready_i    (ni_ready),
    .ni_op_o       (ni_op),
    .ni_peer_x_o   (peer_x),
    .ni_peer_y_o   (peer_y),
    .ni_ch_o       (ni_ch),
    .ni_addr_o     (ni_addr),
    .ni_len_o      (ni_len),
    .send_busy_i   (send_busy),
    .recv_busy_i   (recv_busy),
    .recv_done_i   (recv_done),
    .ni_fault_i    (ni_fault),
    .v_idle_i      (v_idle)
  );

  // Tensor engine, vector unit, weights, data memory.
  logic               dn_req;
  logic [Vlen/8-1:0]  dn_we;
  logic [DMEM_AW-1:0] dn_addr;
  logic [Vlen-1:0]    dn_wdata, dn_rdata;

  tcc_compute #(
    .Vlen     (Vlen),
    .DmemKib  (DmemKib),
    .WmemKib  (WmemKib),
    .Stanum   (Stanum),
    .Vdpnum   (Vdpnum),
    .VrWp     (VrWp),
    .WmemFile (WmemFile),
    .DmemFile (DmemFile)
  ) u_compute (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .cmd_valid_i (t_valid),
    .cmd_ready_o (t_ready),
    .cmd_op_i    (t_op),
    .cmd_arg_i   (t_arg),
    .t_idle_o    (t_idle),
    .vec_room_o  (vec_room),
    .vec_valid_i (vec_valid),
    .vec_word_i  (vec_word),
    .vec_x_i     (vec_x),
    .v_idle_o    (v_idle),
    .fault_o     (c_fault),
    .n_req_i     (dn_req),
    .n_we_i      (dn_we),
    .n_addr_i    (dn_addr),
    .n_wdata_i   (dn_wdata),
    .n_rdata_o   (dn_rdata)
  );

  // DMEM's second port, between core and network interface.
  logic               dx_req, dx_gnt;
  logic [Vlen/8-1:0]  dx_we;
  logic [DMEM_AW-1:0] dx_addr;
  logic [Vlen-1:0]    dx_wdata;

  tcc_dmem_share #(
    .Vlen    (Vlen),
    .DmemKib (DmemKib)
  ) u_share (
    .clk_i     (clk_i),
    .c_req_i   (dc_req),
    .c_we_i    (dc_we),
    .c_addr_i  (dc_addr),
    .c_wdata_i (dc_wdata),
    .c_rdata_o (dc_rdata),
    .n_req_i   (dx_req),
    .n_gnt_o   (dx_gnt),
    .n_we_i    (dx_we),
    .n_addr_i  (dx_addr),
    .n_wdata_i (dx_wdata),
    .req_o     (dn_req),
    .we_o      (dn_we),
    .addr_o    (dn_addr),
    .wdata_o   (dn_wdata),
    .rdata_i   (dn_rdata)
  );

  // Network.
  logic [FLIT_W-1:0] lo_flit, li_flit;
  logic              lo_valid, lo_ready, li_valid, li_ready;
  logic              unused_busy;  // the engines' own flags serve instead

  tcc_ni #(
    .DflitWidth (DflitWidth),
    .Vlen       (Vlen),
    .DmemAw     (WORD_AW),
    .MeshCols   (MeshCols),
    .MeshRows   (MeshRows)
  ) u_ni (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .x_i          (x_i),
    .y_i          (y_i),
    .cmd_valid_i  (ni_valid),
    .cmd_ready_o  (ni_ready),
    .cmd_op_i     (ni_op),
    .cmd_peer_x_i (peer_x),
    .cmd_peer_y_i (peer_y),
    .cmd_ch_i     (ni_ch),
    .cmd_addr_i   (ni_addr),
    .cmd_len_i    (ni_len),
    .busy_o       (unused_busy),
    .send_busy_o  (send_busy),
    .recv_busy_o  (recv_busy),
    .recv_done_o  (recv_done),
    .err_o        (ni_fault),
    .dm_req_o     (dx_req),
    .dm_gnt_i     (dx_gnt),
    .dm_we_o      (dx_we),
    .dm_addr_o    (dx_addr),
    .dm_wdata_o   (dx_wdata),
    .dm_rdata_i   (dn_rdata),
    .lo_flit_o    (lo_flit),
    .lo_valid_o   (lo_valid),
    .lo_ready_i   (lo_ready),
    .li_flit_i    (li_flit),
    .li_valid_i   (li_valid),
    .li_ready_o   (li_ready)
  );

  tcc_router #(
    .DflitWidth (DflitWidth)
  ) u_router (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .x_i         (x_i),
    .y_i         (y_i),
    .in_flit_i   ({lo_flit, flit_i}),
    .in_valid_i  ({lo_valid, valid_i}),
    .in_ready_o  ({lo_ready, ready_o}),
    .out_flit_o  ({li_flit, flit_o}),
    .out_valid_o ({li_valid, valid_o}),
    .out_ready_i ({li_ready, ready_i})
  );

  `ASSERT(InsideMesh, ({1'b0, x_i} < 7'(MeshCols)) && ({1'b0, y_i} < 7'(MeshRows)))

endmodule
