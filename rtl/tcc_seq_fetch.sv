// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Program fetch: 64-bit commands out of FETCH_SIZE-word instruction blocks, in order.
//
// Purpose      Reads IMEM blocks ahead and hands out one command at a time. The memory's output
//              register is the only buffer: the next block is read in the cycle that spends the
//              last command of the present one.
// Protocol     run_i low: back to block 0. cmd_valid_o/cmd_ready_i with cmd_o. overrun_o: the
//              program ran past the last block without a HALT. im_*: as tcc_imem.
// Latency      2 cycles (FetchSize > 1) or 3 cycles (1) from run_i to the first command.
// Throughput   FetchSize 1: a command every 2 cycles. 2 and above: a command a cycle.
// Layout       A block of F words holds F / 2 commands, rounded down, first command lowest; an odd
//              last word is padding. F = 1: a command is two blocks, low word first.
// Assumes      nothing.
// Parameters   FETCH_SIZE -> FetchSize (1 to 16); IMEM -> Blocks (tcc_imem's block count).
module tcc_seq_fetch #(
  parameter int FetchSize = 1,
  parameter int Blocks = 256,
  localparam int ADDR_W = $clog2(Blocks)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      run_i,
  output logic                      cmd_valid_o,
  output logic [tcc_pkg::CMD_W-1:0] cmd_o,
  input  logic                      cmd_ready_i,
  output logic                      overrun_o,

  output logic                      im_req_o,
  output logic [ADDR_W-1:0]         im_addr_o,
  input  logic [32*FetchSize-1:0]   im_rdata_i
);

  // next_q: block to read next. block_valid_q: im_rdata_i holds a block with something left in it.
  logic [ADDR_W:0] next_q;
  logic            block_valid_q, spent, at_end;

  assign at_end    = next_q == (ADDR_W+1)'(Blocks);
  assign im_req_o  = run_i && !at_end && (!block_valid_q || spent);
  assign im_addr_o = next_q[ADDR_W-1:0];
  assign overrun_o = run_i && at_end && !block_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      next_q        <= '0;
      block_valid_q <= 1'b0;
    end else if (!run_i) begin
      next_q        <= '0;
      block_valid_q <= 1'b0;
    end else begin
      next_q        <= next_q + (ADDR_W+1)'(im_req_o);
      block_valid_q <= im_req_o || (block_valid_q && !spent);
    end
  end

  if (FetchSize == 1) begin : gen_narrow
    // Low word waits in a register for the high word.
    logic [31:0] low_q;
    logic        low_valid_q;

    assign cmd_valid_o = block_valid_q && low_valid_q;
    assign cmd_o       = {im_rdata_i, low_q};
    assign spent       = block_valid_q && (!low_valid_q || cmd_ready_i);

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni)     low_valid_q <= 1'b0;
      else if (!run_i) low_valid_q <= 1'b0;
      else             low_valid_q <= low_valid_q ^ spent;
    end

    always_ff @(posedge clk_i) begin
      if (spent && !low_valid_q) low_q <= im_rdata_i;
    end
  end else begin : gen_wide
    localparam int SLOTS = FetchSize / 2;
    localparam int SLOT_W = (SLOTS > 1) ? $clog2(SLOTS) : 1;

    logic [SLOT_W-1:0] slot_q;
    logic              last_slot;

    assign last_slot   = slot_q == SLOT_W'(SLOTS - 1);
    assign cmd_valid_o = block_valid_q;
    assign cmd_o       = im_rdata_i[tcc_pkg::CMD_W * 32'(slot_q) +: tcc_pkg::CMD_W];
    assign spent       = block_valid_q && cmd_ready_i && last_slot;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni)                              slot_q <= '0;
      else if (!run_i)                          slot_q <= '0;
      else if (block_valid_q && cmd_ready_i)    slot_q <= last_slot ? '0 : slot_q + SLOT_W'(1);
    end

    if (FetchSize % 2 == 1) begin : gen_padding
      logic unused_padding;
      assign unused_padding = ^im_rdata_i[32*(FetchSize-1) +: 32];
    end
  end

endmodule
