// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Instruction fetch of the scalar core.
//
// Purpose      Shows the next FetchSize words of the program, less those of the block before the
//              pc; moves on by what the core takes, or to where it jumps.
// Protocol     words_o[32*n +: 32] is the word at pc_o + 4n while n < count_o. take_i of them are
//              used in this cycle; the next ones are there in the next, but in no case words of two
//              blocks together. redirect_i goes to target_i, whose words are there in the next
//              cycle, and counts whatever take_i says.
// Latency      1 cycle from redirect_i to the words of the target.
// Throughput   FetchSize words a cycle; a jump into a block loses the words before its target.
// Assumes      target_i is a multiple of 4. One past the end of IMEM raises overrun_o in place of
//              words.
// Parameters   FETCH_SIZE -> FetchSize; IMEM -> ImemKib.
module tcc_fetch #(
  parameter int FetchSize = 1,
  parameter int ImemKib = 1,
  localparam int BLOCKS = ImemKib * 256 / FetchSize,
  localparam int ADDR_W = $clog2(BLOCKS),
  localparam int COUNT_W = $clog2(FetchSize + 1)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    run_i,       // words are shown while it is high

  input  logic                    redirect_i,
  input  logic [31:0]             target_i,
  input  logic [COUNT_W-1:0]      take_i,
  output logic [31:0]             pc_o,
  output logic [COUNT_W-1:0]      count_o,
  output logic [32*FetchSize-1:0] words_o,
  output logic                    overrun_o,

  output logic                    im_req_o,
  output logic [ADDR_W-1:0]       im_addr_o,
  input  logic [32*FetchSize-1:0] im_rdata_i
);

  localparam int SLOT_W = (FetchSize > 1) ? $clog2(FetchSize) : 1;
  localparam logic [29:0] SIZE = 30'(FetchSize);

  // The block that IMEM shows, and the place of the pc in it.
  logic [29:0]       block_q, block_d;
  logic [SLOT_W-1:0] slot_q, slot_d;
  logic [29:0]       pc_q;  // in words
  logic [COUNT_W-1:0] next_slot;
  logic              block_ends;

  assign next_slot  = COUNT_W'(slot_q) + take_i;
  assign block_ends = next_slot == COUNT_W'(FetchSize);

  always_comb begin
    block_d = block_q;
    slot_d  = SLOT_W'(next_slot);
    if (block_ends) begin
      block_d = block_q + 30'd1;
      slot_d  = '0;
    end
    if (redirect_i) begin
      block_d = target_i[31:2] / SIZE;
      slot_d  = SLOT_W'(target_i[31:2] % SIZE);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_q <= '0;
      slot_q  <= '0;
      pc_q    <= '0;
    end else begin
      block_q <= block_d;
      slot_q  <= slot_d;
      pc_q    <= redirect_i ? target_i[31:2] : pc_q + 30'(take_i);
    end
  end

  assign im_req_o  = block_d < 30'(BLOCKS);
  assign im_addr_o = ADDR_W'(block_d);
  assign overrun_o = run_i && (block_q >= 30'(BLOCKS));
  assign count_o   = (run_i && !overrun_o) ? COUNT_W'(FetchSize) - COUNT_W'(slot_q) : '0;
  assign pc_o      = {pc_q, 2'b00};
  assign words_o   = im_rdata_i >> {slot_q, 5'd0};

  logic unused_low;
  assign unused_low = ^target_i[1:0];

endmodule
