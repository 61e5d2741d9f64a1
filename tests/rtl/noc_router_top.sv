// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// noc_router_top: tcc_router with one array element a port, for the C++ benches (simulation only:
// array ports do not parse in Yosys 0.23).

module noc_router_top #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned FifoDepth = 4
) (
  input logic clk_i,
  input logic rst_ni,
  input logic [5:0] x_i,
  input logic [5:0] y_i,

  input  logic [DflitWidth+1:0] in_flit_i[5],
  input  logic [4:0] in_valid_i,
  output logic [4:0] in_ready_o,
  output logic [DflitWidth+1:0] out_flit_o[5],
  output logic [4:0] out_valid_o,
  input  logic [4:0] out_ready_i
);

  localparam int unsigned FLIT_W = DflitWidth + 2;
  logic [5*FLIT_W-1:0] in_flit, out_flit;

  for (genvar p = 0; p < 5; p++) begin : gen_port
    assign in_flit[FLIT_W*p+:FLIT_W] = in_flit_i[p];
    assign out_flit_o[p] = out_flit[FLIT_W*p+:FLIT_W];
  end

  tcc_router #(
    .DflitWidth(DflitWidth),
    .FifoDepth (FifoDepth)
  ) u_router (
    .clk_i,
    .rst_ni,
    .x_i,
    .y_i,
    .in_flit_i  (in_flit),
    .in_valid_i,
    .in_ready_o,
    .out_flit_o (out_flit),
    .out_valid_o,
    .out_ready_i
  );

endmodule
