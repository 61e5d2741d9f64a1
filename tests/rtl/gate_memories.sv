// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The memories of a mapped tile (simulation only): the netlist has macros of these names and ports
// where the source has tcc_imem, tcc_wmem and tcc_dmem. FETCH, VLEN, DMEM_KIB, IMEM_KIB, WMEM_KIB:
// parameters of the tile.

module gate_imem (
  input  logic                                clk_i,
  input  logic                                rst_ni,
  input  logic                                req_i,
  input  logic [$clog2(`IMEM_KIB * 256 / `FETCH)-1:0] addr_i,
  output logic [32*`FETCH-1:0]                rdata_o
);

  tcc_imem #(
    .FetchSize (`FETCH),
    .ImemKib   (`IMEM_KIB),
    .ImemFile  ("imem.hex")
  ) u_memory (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .req_i   (req_i),
    .addr_i  (addr_i),
    .rdata_o (rdata_o)
  );

endmodule

module gate_wmem (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       req_i,
  input  logic [tcc_pkg::WPTR_W-1:0] addr_i,
  output logic [`VLEN-1:0]           rdata_o,
  output logic                       oob_o
);

  tcc_wmem #(
    .Vlen     (`VLEN),
    .WmemKib  (`WMEM_KIB),
    .WmemFile ("wmem.hex")
  ) u_memory (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .req_i   (req_i),
    .addr_i  (addr_i),
    .rdata_o (rdata_o),
    .oob_o   (oob_o)
  );

endmodule

module gate_dmem #(
  localparam int ROW_AW = $clog2(`DMEM_KIB * (8192 / `VLEN))
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               w_req_i,
  input  logic               w_we_i,
  input  logic [ROW_AW-1:0]  w_addr_i,
  input  logic [`VLEN-1:0]   w_wdata_i,
  output logic [`VLEN-1:0]   w_rdata_o,
  input  logic               n_req_i,
  input  logic [`VLEN/8-1:0] n_we_i,
  input  logic [ROW_AW-1:0]  n_addr_i,
  input  logic [`VLEN-1:0]   n_wdata_i,
  output logic [`VLEN-1:0]   n_rdata_o
);

  tcc_dmem #(
    .Vlen    (`VLEN),
    .DmemKib (`DMEM_KIB)
  ) u_memory (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .w_req_i   (w_req_i),
    .w_we_i    (w_we_i),
    .w_addr_i  (w_addr_i),
    .w_wdata_i (w_wdata_i),
    .w_rdata_o (w_rdata_o),
    .n_req_i   (n_req_i),
    .n_we_i    (n_we_i),
    .n_addr_i  (n_addr_i),
    .n_wdata_i (n_wdata_i),
    .n_rdata_o (n_rdata_o)
  );

endmodule
