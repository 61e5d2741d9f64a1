// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Data memory: one VLEN-wide port for the tensor engine, one 32-bit port for the network interface.
//
// Purpose      Activations, partial sums and results. Two independent ports, so network traffic
//              never stalls the engine. A wrapper around one memory: a physical design replaces the
//              array by Vlen / 32 dual-port banks of 32 bits (the wide port selects all banks, the
//              narrow port one).
// Protocol     Both ports: req_i with we_i, addr_i, wdata_i; never refused. rdata_o is valid the
//              cycle after a read and held until that port's next read (a write leaves it alone).
//              Narrow address: 32-bit words; word w is bits [32 (w mod Vlen/32) +: 32] of row w div
//              (Vlen/32).
// Latency      1 cycle (registered outputs).
// Throughput   1 access a cycle and port.
// Assumes      A read of a row that the other port writes in the same cycle returns the old data;
//              the two ports never write the same word in one cycle (programs order their accesses
//              by WAIT). Addresses stay below the size; DmemKib need not be a power of two.
//              DmemFile, when not empty: $readmemh image, one row a line.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib (16 to 512 KiB, steps of 16).
`include "tcc_assert.svh"

module tcc_dmem #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter     DmemFile = "",
  localparam int ROWS = DmemKib * (8192 / Vlen),
  localparam int ROW_AW = $clog2(ROWS),
  localparam int WORD_AW = ROW_AW + $clog2(Vlen / 32)
) (
  input  logic               clk_i,
  input  logic               rst_ni,

  // Wide port
  input  logic               w_req_i,
  input  logic               w_we_i,
  input  logic [ROW_AW-1:0]  w_addr_i,
  input  logic [Vlen-1:0]    w_wdata_i,
  output logic [Vlen-1:0]    w_rdata_o,

  // Narrow port
  input  logic               n_req_i,
  input  logic               n_we_i,
  input  logic [WORD_AW-1:0] n_addr_i,
  input  logic [31:0]        n_wdata_i,
  output logic [31:0]        n_rdata_o
);

  localparam int WORDS = Vlen / 32;
  localparam int LANE_AW = $clog2(WORDS);

  if (DmemKib < 16 || DmemKib > 512 || DmemKib % 16 != 0) begin : gen_bad_size
    $error("tcc_dmem: DmemKib must be a multiple of 16 from 16 to 512");
  end

  logic [Vlen-1:0]    mem [ROWS];
  logic [Vlen-1:0]    w_rdata_q;
  logic [31:0]        n_rdata_q;
  logic [ROW_AW-1:0]  n_row;
  logic [LANE_AW-1:0] n_word;

  if (DmemFile != "") begin : gen_image
    initial $readmemh(DmemFile, mem);
  end

  assign {n_row, n_word} = n_addr_i;

  always_ff @(posedge clk_i) begin
    if (w_req_i && w_we_i) mem[w_addr_i] <= w_wdata_i;
    if (n_req_i && n_we_i) mem[n_row][{n_word, 5'd0} +: 32] <= n_wdata_i;
  end

  always_ff @(posedge clk_i) begin
    if (w_req_i && !w_we_i) w_rdata_q <= mem[w_addr_i];
    if (n_req_i && !n_we_i) n_rdata_q <= mem[n_row][{n_word, 5'd0} +: 32];
  end

  assign w_rdata_o = w_rdata_q;
  assign n_rdata_o = n_rdata_q;

  `ASSERT(WideInRange, !w_req_i || ({1'b0, w_addr_i} < (ROW_AW+1)'(ROWS)))
  `ASSERT(NarrowInRange, !n_req_i || ({1'b0, n_row} < (ROW_AW+1)'(ROWS)))
  `ASSERT(NoDoubleWrite, !(w_req_i && w_we_i && n_req_i && n_we_i && (w_addr_i == n_row)))

endmodule
