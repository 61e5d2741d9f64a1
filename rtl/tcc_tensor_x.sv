// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Activation buffer of the tensor engine: reads DMEM rows ahead of use into four registers.
//
// Purpose      Keeps the x registers full: for every command that reads DMEM, its rows in the order
//              of use, across commands. A batch of B vectors needs B rows at a time; the last
//              weight row of a group of rows uses them up one a cycle, and the next group's rows
//              come in the same order, so even a batch of four never waits when the port is free.
// Protocol     rows_*: valid/ready, one command's rows: vector b's row r is base + b * count + r,
//              for each r all b. dm_req_o wins the port in the cycle it is high. valid_o: the
//              slot_i-th oldest row is there; x_o and slice_o are its element elem_i and its
//              quarter elem_i[1:0]. pop_i uses the oldest row up.
// Latency      rows_valid_i in cycle c, DMEM read c + 1, valid_o c + 3.
// Throughput   One row a cycle into free registers.
// Assumes      count >= 1.
// Parameters   VLEN -> Vlen (128 to 2048, power of two), DMEM -> DmemAw (its row address width).
//              QueueDepth: ours.
`include "tcc_assert.svh"

module tcc_tensor_x #(
  parameter int Vlen = 128,
  parameter int DmemAw = 10,
  parameter int QueueDepth = 4
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  // Rows to read
  input  logic                         rows_valid_i,
  output logic                         rows_ready_o,
  input  logic [DmemAw-1:0]            rows_base_i,
  input  logic [tcc_pkg::ROW_W-1:0]    rows_count_i,  // of one vector
  input  logic [tcc_pkg::BANK_W-1:0]   rows_batch_i,  // vectors - 1

  // DMEM
  output logic                         dm_req_o,
  output logic [DmemAw-1:0]            dm_addr_o,
  input  logic [Vlen-1:0]              dm_rdata_i,

  // Use
  input  logic [tcc_pkg::BANK_W-1:0]   slot_i,
  output logic                         valid_o,
  input  logic                         pop_i,
  input  logic [$clog2(Vlen/16)-1:0]   elem_i,
  output logic [15:0]                  x_o,
  output logic [Vlen/4-1:0]            slice_o
);

  localparam int ROW_W = tcc_pkg::ROW_W;
  localparam int BATCH_W = tcc_pkg::BANK_W;
  localparam int SLOTS = tcc_pkg::BANKS;  // a row for each vector of the largest batch
  localparam int SLOT_W = tcc_pkg::BANK_W;
  localparam int REQUEST_W = DmemAw + ROW_W + BATCH_W;

  logic                 valid, done;
  logic [DmemAw-1:0]    base;
  logic [ROW_W-1:0]     count;
  logic [BATCH_W-1:0]   batch;

  tcc_fifo #(
    .Width       (REQUEST_W),
    .Depth       (QueueDepth),
    .PassThrough (1'b0)
  ) u_queue (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .in_data_i   ({rows_base_i, rows_count_i, rows_batch_i}),
    .in_valid_i  (rows_valid_i),
    .in_ready_o  (rows_ready_o),
    .out_data_o  ({base, count, batch}),
    .out_valid_o (valid),
    .out_ready_i (done)
  );

  // Next row: vectors change fastest. offset_q is vec_q * count.
  logic [ROW_W-1:0]   row_q;
  logic [BATCH_W-1:0] vec_q;
  logic [DmemAw-1:0]  offset_q;
  logic               last_row, last_vec;

  assign last_row  = row_q + ROW_W'(1) == count;
  assign last_vec  = vec_q == batch;
  assign done      = dm_req_o && last_row && last_vec;
  assign dm_addr_o = base + DmemAw'(row_q) + offset_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_q    <= '0;
      vec_q    <= '0;
      offset_q <= '0;
    end else if (dm_req_o) begin
      if (last_vec) row_q <= last_row ? '0 : row_q + ROW_W'(1);
      vec_q    <= last_vec ? '0 : vec_q + BATCH_W'(1);
      offset_q <= last_vec ? '0 : offset_q + DmemAw'(count);
    end
  end

  // Registers as a ring: taken at the read, filled in the cycle after it.
  logic [SLOT_W-1:0]     head_q, tail_q, slot;
  logic [SLOT_W:0]       taken_q, filled_q;
  logic                  fill_q;
  logic [SLOTS*Vlen-1:0] x_q;

  assign dm_req_o = valid && (taken_q != (SLOT_W+1)'(SLOTS));

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q   <= '0;
      tail_q   <= '0;
      taken_q  <= '0;
      filled_q <= '0;
      fill_q   <= 1'b0;
    end else begin
      head_q   <= head_q + SLOT_W'(pop_i);
      tail_q   <= tail_q + SLOT_W'(fill_q);
      taken_q  <= taken_q + (SLOT_W+1)'(dm_req_o) - (SLOT_W+1)'(pop_i);
      filled_q <= filled_q + (SLOT_W+1)'(fill_q) - (SLOT_W+1)'(pop_i);
      fill_q   <= dm_req_o;
    end
  end

  for (genvar s = 0; s < SLOTS; s++) begin : gen_slot
    always_ff @(posedge clk_i) begin
      if (fill_q && (tail_q == SLOT_W'(s))) x_q[Vlen*s +: Vlen] <= dm_rdata_i;
    end
  end

  assign slot    = head_q + slot_i;
  assign valid_o = filled_q > {1'b0, slot_i};
  assign x_o     = x_q[{slot, elem_i, 4'd0} +: 16];
  assign slice_o = x_q[(Vlen/4) * 32'({slot, elem_i[1:0]}) +: Vlen/4];

  `ASSERT(PopFilled, !pop_i || (filled_q != '0))
  `ASSERT(FilledAreTaken, taken_q >= filled_q)

endmodule
