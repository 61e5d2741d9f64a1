// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Loads and stores of the vector unit: a row between a register and DMEM, or from WMEM.
//
// Purpose      Checks the address, asks for the memory's port until it has it, keeps a row that was
//              read until its register is written.
// Protocol     start_i while free_o. Memories: a request counts in a cycle with its gnt; the row is
//              there in the next. valid_o with vd_o and row_o until taken_i. fault_o: an address
//              that is no multiple of a row, or outside; nothing was done. Of WMEM's end the memory
//              itself knows.
// Latency      1 cycle from start_i to the request, 2 from there to valid_o.
// Throughput   A load in 4 cycles, a store in 2.
// Assumes      group_i is VG_LD, VG_ST or VG_LDW.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib.
`include "tcc_assert.svh"

module tcc_vaccess #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  localparam int VREG_W = tcc_vec_pkg::VREG_W,
  localparam int ROWS = DmemKib * (8192 / Vlen),
  localparam int ROW_AW = $clog2(ROWS)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  output logic                       free_o,
  input  logic                       start_i,
  input  logic [2:0]                 group_i,
  input  logic [VREG_W-1:0]          vd_i,
  input  logic [31:0]                base_i,     // contents of rs1
  input  logic [11:0]                offset_i,
  input  logic [Vlen-1:0]            data_i,
  output logic                       fault_o,

  output logic                       dm_req_o,
  input  logic                       dm_gnt_i,
  output logic                       dm_we_o,
  output logic [ROW_AW-1:0]          dm_addr_o,
  output logic [Vlen-1:0]            dm_wdata_o,
  input  logic [Vlen-1:0]            dm_rdata_i,
  output logic                       wm_req_o,
  input  logic                       wm_gnt_i,
  output logic [tcc_pkg::WPTR_W-1:0] wm_addr_o,
  input  logic [Vlen-1:0]            wm_rdata_i,

  output logic                       valid_o,
  input  logic                       taken_i,
  output logic [VREG_W-1:0]          vd_o,
  output logic [Vlen-1:0]            row_o
);

  localparam int ROW_LSB = $clog2(Vlen / 8);

  logic            request_q, arrives_q, valid_q, fault_q, store_q, weights_q, bad, granted;
  logic [31:0]     address_q, offset;
  logic [Vlen-1:0] data_q;

  assign offset = address_q - tcc_core_pkg::DMEM_BASE;
  assign bad    = weights_q ? (address_q[31:tcc_pkg::WPTR_W] != '0)
                            : ((offset[ROW_LSB-1:0] != '0) || (offset[31:19] != '0) ||
                               (17'(offset[18:ROW_LSB]) >= 17'(ROWS)));

  assign free_o     = !request_q && !arrives_q && !valid_q;
  assign dm_req_o   = request_q && !bad && !weights_q;
  assign dm_we_o    = store_q;
  assign dm_addr_o  = offset[ROW_LSB +: ROW_AW];
  assign dm_wdata_o = data_q;
  assign wm_req_o   = request_q && !bad && weights_q;
  assign wm_addr_o  = address_q[tcc_pkg::WPTR_W-1:0];
  assign granted    = (dm_req_o && dm_gnt_i) || (wm_req_o && wm_gnt_i);
  assign fault_o    = fault_q;
  assign valid_o    = valid_q;
  assign row_o      = data_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      request_q <= 1'b0;
      arrives_q <= 1'b0;
      valid_q   <= 1'b0;
      fault_q   <= 1'b0;
    end else begin
      request_q <= start_i || (request_q && !granted && !bad);
      arrives_q <= granted && !store_q;
      valid_q   <= arrives_q || (valid_q && !taken_i);
      fault_q   <= request_q && bad;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      store_q   <= group_i == tcc_vec_pkg::VG_ST;
      weights_q <= group_i == tcc_vec_pkg::VG_LDW;
      address_q <= base_i + {{20{offset_i[11]}}, offset_i};
      vd_o      <= vd_i;
    end
    if (start_i)        data_q <= data_i;
    else if (arrives_q) data_q <= weights_q ? wm_rdata_i : dm_rdata_i;
  end

  `ASSERT(StartsWhenFree, !start_i || free_o)
  `ASSERT(TakesWhatIsThere, !taken_i || valid_o)

endmodule
