// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// noc_tile_top: tcc_tile with one array element a link, for the mesh bench. The memory images are
// files of these names in the folder that is current at the model's first evaluation (simulation
// only).

module noc_tile_top #(
  parameter int FetchSize = 2,
  parameter int Vlen = 256,
  parameter int WmemKib = 64,
  parameter int DflitWidth = 128,
  parameter int MeshCols = 4,
  parameter int MeshRows = 4
) (
  input logic clk_i,
  input logic rst_ni,
  input logic [5:0] x_i,
  input logic [5:0] y_i,

  input  logic start_i,
  output logic done_o,
  output logic error_o,

  // North, East, South, West
  input  logic [DflitWidth+1:0] in_flit_i[4],
  input  logic [3:0] in_valid_i,
  output logic [3:0] in_ready_o,
  output logic [DflitWidth+1:0] out_flit_o[4],
  output logic [3:0] out_valid_o,
  input  logic [3:0] out_ready_i
);

  localparam int FLIT_W = DflitWidth + 2;
  logic [4*FLIT_W-1:0] in_flit, out_flit;

  for (genvar p = 0; p < 4; p++) begin : gen_port
    assign in_flit[FLIT_W*p+:FLIT_W] = in_flit_i[p];
    assign out_flit_o[p] = out_flit[FLIT_W*p+:FLIT_W];
  end

  tcc_tile #(
    .FetchSize (FetchSize),
    .Vlen      (Vlen),
    .WmemKib   (WmemKib),
    .DflitWidth(DflitWidth),
    .MeshCols  (MeshCols),
    .MeshRows  (MeshRows),
    .ImemFile  ("imem.hex"),
    .WmemFile  ("wmem.hex"),
    .DmemFile  ("dmem.hex")
  ) u_tile (
    .clk_i,
    .rst_ni,
    .x_i,
    .y_i,
    .start_i,
    .done_o,
    .error_o,
    .flit_i (in_flit),
    .valid_i(in_valid_i),
    .ready_o(in_ready_o),
    .flit_o (out_flit),
    .valid_o(out_valid_o),
    .ready_i(out_ready_i)
  );

endmodule
