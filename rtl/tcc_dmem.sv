// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Data memory: two ports of VLEN bits, one for the tensor engine, one with byte enables for the
// network interface.
//
// Purpose      Activations, partial sums and results. Two independent ports, so network traffic
//              never stalls the engine. A wrapper around one memory: a physical design replaces the
//              array by dual-port banks with byte enables.
// Protocol     Both ports: req_i with we_i, addr_i (row), wdata_i; never refused. rdata_o is valid
//              the cycle after a read and held until that port's next read (a write leaves it
//              alone). n_we_i has a bit a byte; 0 reads. A 32-bit word w is bits [32 (w mod
//              Vlen/32) +: 32] of row w div (Vlen/32).
// Latency      1 cycle (registered outputs).
// Throughput   1 access a cycle and port.
// Assumes      A read of a row that the other port writes in the same cycle returns the old data;
//              the two ports never write the same row in one cycle (programs order their accesses
//              by WAIT). Addresses stay below the size; DmemKib need not be a power of two.
//              DmemFile, when not empty: $readmemh image, one row a line.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib (16 to 512 KiB, steps of 16).
`include "tcc_assert.svh"

module tcc_dmem #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter     DmemFile = "",
  localparam int ROWS = DmemKib * (8192 / Vlen),
  localparam int ROW_AW = $clog2(ROWS)
) (
  input  logic               clk_i,
  input  logic               rst_ni,

  // Tensor engine
  input  logic               w_req_i,
  input  logic               w_we_i,
  input  logic [ROW_AW-1:0]  w_addr_i,
  input  logic [Vlen-1:0]    w_wdata_i,
  output logic [Vlen-1:0]    w_rdata_o,

  // Network interface
  input  logic               n_req_i,
  input  logic [Vlen/8-1:0]  n_we_i,
  input  logic [ROW_AW-1:0]  n_addr_i,
  input  logic [Vlen-1:0]    n_wdata_i,
  output logic [Vlen-1:0]    n_rdata_o
);

  if (DmemKib < 16 || DmemKib > 512 || DmemKib % 16 != 0) begin : gen_bad_size
    $error("tcc_dmem: DmemKib must be a multiple of 16 from 16 to 512");
  end

  logic [Vlen-1:0] mem [ROWS];
  logic [Vlen-1:0] w_rdata_q, n_rdata_q, n_mask;
  logic            n_write;

  if (DmemFile != "") begin : gen_image
    initial $readmemh(DmemFile, mem);
  end

  assign n_write = n_req_i && (n_we_i != '0);

  for (genvar b = 0; b < Vlen / 8; b++) begin : gen_byte
    assign n_mask[8*b +: 8] = {8{n_we_i[b]}};
  end

  // Merged, not written byte by byte: hundreds of write ports take Yosys minutes.
  always_ff @(posedge clk_i) begin
    if (w_req_i && w_we_i) mem[w_addr_i] <= w_wdata_i;
    if (n_write) mem[n_addr_i] <= (mem[n_addr_i] & ~n_mask) | (n_wdata_i & n_mask);
  end

  always_ff @(posedge clk_i) begin
    if (w_req_i && !w_we_i) w_rdata_q <= mem[w_addr_i];
    if (n_req_i && !n_write) n_rdata_q <= mem[n_addr_i];
  end

  assign w_rdata_o = w_rdata_q;
  assign n_rdata_o = n_rdata_q;

  `ASSERT(WideInRange, !w_req_i || ({1'b0, w_addr_i} < (ROW_AW+1)'(ROWS)))
  `ASSERT(NetInRange, !n_req_i || ({1'b0, n_addr_i} < (ROW_AW+1)'(ROWS)))
  `ASSERT(NoDoubleWrite, !(w_req_i && w_we_i && n_write && (w_addr_i == n_addr_i)))

endmodule
