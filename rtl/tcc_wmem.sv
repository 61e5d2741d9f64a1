// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Weight memory: a read-only memory, one VLEN-wide row a cycle.
//
// Purpose      Holds the tile's weights in the order the tensor engine streams them. A wrapper
//              around one memory: a physical design replaces the array by a ROM macro of the same
//              depth, width and timing.
// Protocol     req_i reads addr_i; rdata_o is valid the next cycle and held until the next read.
//              oob_o is high the cycle after a read beyond the last row; that read returns
//              unspecified data.
// Latency      1 cycle (registered output).
// Throughput   1 row a cycle.
// Assumes      WmemFile, when not empty, is a $readmemh image: one row a line, Vlen / 4 hexadecimal
//              digits, lane 0 in the lowest 16 bits. An empty WmemFile is a blank ROM (zeros), for
//              lint, synthesis and timing runs.
// Parameters   VLEN -> Vlen; WMEM -> WmemKib (KiB, a multiple of 64).
`include "tcc_assert.svh"

module tcc_wmem #(
  parameter int Vlen = 128,
  parameter int WmemKib = 64,
  parameter     WmemFile = ""
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,

  input  logic                        req_i,
  input  logic [tcc_pkg::WPTR_W-1:0]  addr_i,
  output logic [Vlen-1:0]             rdata_o,
  output logic                        oob_o
);

  localparam int ROWS = WmemKib * (8192 / Vlen);
  localparam int ADDR_W = $clog2(ROWS);

  if (WmemKib < 64 || WmemKib % 64 != 0 || ADDR_W > tcc_pkg::WPTR_W) begin : gen_bad_size
    $error("tcc_wmem: WmemKib must be a positive multiple of 64 and at most 2^24 rows");
  end

  logic oob_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) oob_q <= 1'b0;
    else         oob_q <= req_i && ({1'b0, addr_i} >= (tcc_pkg::WPTR_W+1)'(ROWS));
  end

  assign oob_o = oob_q;

  if (WmemFile == "") begin : gen_blank
    assign rdata_o = '0;
  end else begin : gen_rom
    logic [Vlen-1:0] rom [ROWS];
    logic [Vlen-1:0] rdata_q;

    initial $readmemh(WmemFile, rom);

    always_ff @(posedge clk_i) begin
      if (req_i) rdata_q <= rom[addr_i[ADDR_W-1:0]];
    end

    assign rdata_o = rdata_q;
  end

endmodule
