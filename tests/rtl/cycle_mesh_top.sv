// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The whole chip "mixed" as the generator emitted it, with what its tiles show to one another and
// to benches as ports: links, ends, retirement. An element a tile, row by row. The host's port is
// tied off.

module cycle_mesh_top #(
  localparam int COLUMNS = mixed_pkg::MESH_W,
  localparam int TILES = COLUMNS * mixed_pkg::MESH_H,
  localparam int FLIT_W = mixed_pkg::FLIT_W,
  localparam int CHANNELS = mixed_pkg::XR_WP + mixed_pkg::VDPNUM,
  localparam int RETIRE_W = CHANNELS * (4*32 + 1) + 32 + 4
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic start_i,
  output logic done_o,
  output logic error_o,

  output logic [4*FLIT_W-1:0] flit_o [TILES],
  output logic [3:0] valid_o [TILES],
  output logic [3:0] ready_o [TILES],
  output logic tile_done_o [TILES],
  output logic tile_error_o [TILES],
  output logic [RETIRE_W-1:0] retire_o [TILES]
);

  logic [FLIT_W-1:0] unused_flit;
  logic unused_valid, unused_ready;

  mixed_top #(
    .WholeChip (1),
    .ImemDir   ("imem/"),
    .WmemDir   ("wmem/"),
    .DmemDir   ("dmem/")
  ) u_top (
    .clk_i,
    .rst_ni,
    .start_i,
    .done_o,
    .error_o,
    .host_flit_i  (mixed_pkg::NO_FLIT),
    .host_valid_i (1'b0),
    .host_ready_o (unused_ready),
    .host_flit_o  (unused_flit),
    .host_valid_o (unused_valid),
    .host_ready_i (1'b1)
  );

  `define TILE u_top.gen_row[y].gen_col[x]
  `define RETIREMENT(tile) {tile.ret_mask, tile.ret_valid, tile.ret_order, tile.ret_pc, \
      tile.ret_word, tile.ret_value, tile.ret_address}

  for (genvar t = 0; t < TILES; t++) begin : gen_tile
    localparam int x = t % COLUMNS;
    localparam int y = t / COLUMNS;
    localparam int SLICE = mixed_pkg::SLICE_W * t;

    assign flit_o[t]       = `TILE.out_flit;
    assign valid_o[t]      = `TILE.out_valid;
    assign ready_o[t]      = `TILE.in_ready;
    assign tile_done_o[t]  = u_top.done[t];
    assign tile_error_o[t] = u_top.error[t];

    if (mixed_pkg::TILES[SLICE +: mixed_pkg::CONFIG_W] == '0) begin : gen_narrow
      assign retire_o[t] = `RETIREMENT(`TILE.u_tile.gen_whole.gen_cfg0.u_tile.u_tile);
    end else begin : gen_wide
      assign retire_o[t] = `RETIREMENT(`TILE.u_tile.gen_whole.gen_cfg1.u_tile.u_tile);
    end
  end

endmodule
