// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Instruction memory: one fetch block of FETCH_SIZE words a cycle, read only at run time.
//
// Purpose      Holds the tile's program. A wrapper around one memory, as tcc_wmem.
// Protocol     req_i reads block addr_i; rdata_o is valid the next cycle and held until the next
//              read.
// Latency      1 cycle (registered output).
// Throughput   1 block a cycle.
// Assumes      addr_i < Blocks = ImemKib * 256 / FetchSize, rounded down. ImemFile, when not empty,
//              is a $readmemh image: one block a line, 8 * FetchSize hexadecimal digits, the first
//              word in the lowest 32 bits. An empty ImemFile is a blank memory of zeros, which the
//              core stops at as at any word that is no instruction.
// Parameters   FETCH_SIZE -> FetchSize (1 to 16 words); IMEM -> ImemKib (1 to 128 KiB).
`include "tcc_assert.svh"

module tcc_imem #(
  parameter int FetchSize = 1,
  parameter int ImemKib = 1,
  parameter     ImemFile = "",
  localparam int BLOCKS = ImemKib * 256 / FetchSize,
  localparam int ADDR_W = $clog2(BLOCKS)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    req_i,
  input  logic [ADDR_W-1:0]       addr_i,
  output logic [32*FetchSize-1:0] rdata_o
);

  if (FetchSize < 1 || FetchSize > 16 || ImemKib < 1 || ImemKib > 128) begin : gen_bad_size
    $error("tcc_imem: FetchSize must be 1 to 16 and ImemKib 1 to 128");
  end

  if (ImemFile == "") begin : gen_blank
    assign rdata_o = '0;
  end else begin : gen_rom
    logic [32*FetchSize-1:0] rom [BLOCKS];
    logic [32*FetchSize-1:0] rdata_q;

    initial $readmemh(ImemFile, rom);

    always_ff @(posedge clk_i) begin
      if (req_i) rdata_q <= rom[addr_i];
    end

    assign rdata_o = rdata_q;
  end

  `ASSERT(AddressInRange, !req_i || ({1'b0, addr_i} < (ADDR_W+1)'(BLOCKS)))

endmodule
