// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_rows: row buffers of the receive side: collect the words of messages row by row, add where
// asked, and write each row once.
//
//   memory --(RADD)--> buffer --lanes--> tcc_fp32_add --> buffer --> memory
//   words_i ------------------------------^ (RECV: past the adder)
//
// Protocol    commands as in tcc_ni_walk, at most Queue at a time. ready_o: the buffer in use may
//             take a slice, and with straddle_i the one after it as well; step_i gives that slice
//             (tcc_ni_cursor) and says whether it completes the rows. lane_i = 0: none of its words
//             is written. done_o: one cycle a command, its last row is in memory. mem_*: as in
//             tcc_ni_recv.
// Latency     a row is requested to be written 2 cycles after the step that completes it.
// Throughput  one slice a cycle while memory grants a write (RADD: and a read) for each row.
// Order       buffers are filled and written in the order of the commands, and a row of RADD is
//             read only when no buffer still holds it.
//
// Parameters  VLEN -> Vlen; DMEM -> DmemAw (log2 of the words); Lanes, Banks: powers of two; Queue

`include "tcc_assert.svh"

module tcc_ni_rows #(
  parameter int unsigned Vlen = 128,
  parameter int unsigned Lanes = 2,
  parameter int unsigned Banks = 4,
  parameter int unsigned Queue = 2,
  parameter int unsigned DmemAw = 12,
  localparam int unsigned ROW_WORDS = Vlen / 32,
  localparam int unsigned SEGMENTS = ROW_WORDS / Lanes,
  localparam int unsigned SEGMENT_W = (SEGMENTS > 1) ? $clog2(SEGMENTS) : 1,
  localparam int unsigned ROW_AW = DmemAw - $clog2(ROW_WORDS)
) (
  input logic clk_i,
  input logic rst_ni,

  input logic                             cmd_valid_i,
  input logic                             cmd_add_i,
  input logic [               DmemAw-1:0] cmd_addr_i,
  input logic [tcc_noc_pkg::LENGTH_W-1:0] cmd_len_i,

  output logic                 ready_o,
  input  logic                 straddle_i,
  input  logic                 step_i,
  input  logic                 add_i,
  input  logic [ 32*Lanes-1:0] words_i,
  input  logic [SEGMENT_W-1:0] segment_i,
  input  logic [    Lanes-1:0] lane_i,
  input  logic [    Lanes-1:0] low_i,
  input  logic                 row_end_i,
  input  logic                 next_end_i,
  output logic                 busy_o,
  output logic                 done_o,

  output logic                 mem_req_o,
  input  logic                 mem_gnt_i,
  output logic [ROW_WORDS-1:0] mem_we_o,
  output logic [   ROW_AW-1:0] mem_addr_o,
  output logic [     Vlen-1:0] mem_wdata_o,
  input  logic [     Vlen-1:0] mem_rdata_i
);

  localparam int unsigned BANK_W = $clog2(Banks);
  localparam int unsigned ROW_BITS_W = $clog2(Vlen);
  localparam int unsigned COL_W = $clog2(ROW_WORDS);

  // A buffer is taken for a row; ready for its words as soon as the row's old ones are in it (RADD)
  // or need not be; complete when all have come; and free again when it is written.
  logic [Banks-1:0] taken_q, ready_q, complete_q, last_q, same_row;
  logic [BANK_W-1:0] alloc_q, use_q, use_next, write_q, load_bank_q;
  logic load_q, read, write_valid, write_request, release_row, done_q;
  logic row_valid, row_ready, row_add, row_empty, row_last;
  logic [ROW_AW-1:0] row;
  logic [Banks*Vlen-1:0] bank;
  logic [Banks*ROW_WORDS-1:0] mask;
  logic [Banks*ROW_AW-1:0] address;

  tcc_ni_walk #(
    .Vlen  (Vlen),
    .DmemAw(DmemAw),
    .Queue (Queue)
  ) u_walk (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_add_i,
    .cmd_addr_i,
    .cmd_len_i,
    .row_valid_o(row_valid),
    .row_ready_i(row_ready),
    .row_o      (row),
    .row_add_o  (row_add),
    .row_empty_o(row_empty),
    .row_last_o (row_last)
  );

  // Memory: a complete row goes before a row to be read.
  logic needs_read, may_read;
  assign needs_read = row_add && !row_empty;
  assign may_read = row_valid && needs_read && !taken_q[alloc_q] && same_row == '0;
  assign write_valid = complete_q[write_q];
  assign write_request = write_valid && mem_we_o != '0;
  assign read = may_read && !write_request && mem_gnt_i;
  assign row_ready = !taken_q[alloc_q] && (needs_read ? read : 1'b1);
  assign release_row = write_valid && (!write_request || mem_gnt_i);
  assign mem_req_o = write_request || may_read;
  assign mem_we_o = write_valid ? mask[{write_q, {COL_W{1'b0}}}+:ROW_WORDS] : '0;
  assign mem_addr_o = write_request ? address[ROW_AW*write_q+:ROW_AW] : row;
  assign mem_wdata_o = bank[{write_q, {ROW_BITS_W{1'b0}}}+:Vlen];

  assign use_next = use_q + BANK_W'(1);
  assign ready_o = ready_q[use_q] && (!straddle_i || ready_q[use_next]);
  assign busy_o = taken_q != '0;
  assign done_o = done_q;

  // The slice of the cycle before: its words, or their sums.
  logic add_q, row_end_q, next_end_q;
  logic [BANK_W-1:0] bank_q, bank_next;
  logic [SEGMENT_W-1:0] segment_q;
  logic [Lanes-1:0] lane_q, low_q;
  logic [32*Lanes-1:0] old, sum, words_q, result;

  tcc_ni_lanes #(
    .Vlen (Vlen),
    .Lanes(Lanes),
    .Banks(Banks)
  ) u_lanes (
    .bank_i   (bank),
    .use_i    (use_q),
    .segment_i,
    .low_i,
    .lanes_o  (old)
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_add
    tcc_fp32_add u_add (
      .clk_i,
      .rst_ni,
      .en_i (step_i && add_i && lane_i[l]),
      .a_i  (old[32*l+:32]),
      .b_i  (words_i[32*l+:32]),
      .sum_o(sum[32*l+:32])
    );
  end
  assign result = add_q ? sum : words_q;
  assign bank_next = bank_q + BANK_W'(1);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      alloc_q <= '0;
      use_q <= '0;
      write_q <= '0;
      taken_q <= '0;
      ready_q <= '0;
      complete_q <= '0;
      load_q <= 1'b0;
      done_q <= 1'b0;
      lane_q <= '0;
      row_end_q <= 1'b0;
      next_end_q <= 1'b0;
    end else begin
      load_q <= read;
      if (load_q) ready_q[load_bank_q] <= 1'b1;
      if (row_valid && row_ready) begin
        alloc_q <= alloc_q + BANK_W'(1);
        taken_q[alloc_q] <= 1'b1;
        ready_q[alloc_q] <= !needs_read;
      end
      if (step_i && row_end_i) begin
        use_q <= next_end_i ? use_next + BANK_W'(1) : use_next;
        ready_q[use_q] <= 1'b0;
        if (next_end_i) ready_q[use_next] <= 1'b0;
      end
      lane_q <= step_i ? lane_i : '0;
      row_end_q <= step_i && row_end_i;
      next_end_q <= step_i && next_end_i;
      if (row_end_q) complete_q[bank_q] <= 1'b1;
      if (next_end_q) complete_q[bank_next] <= 1'b1;
      done_q <= release_row && last_q[write_q];
      if (release_row) begin
        write_q <= write_q + BANK_W'(1);
        taken_q[write_q] <= 1'b0;
        complete_q[write_q] <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    load_bank_q <= alloc_q;
    if (row_valid && row_ready) last_q[alloc_q] <= row_last;
    if (step_i) begin
      add_q <= add_i;
      bank_q <= use_q;
      segment_q <= segment_i;
      low_q <= low_i;
      words_q <= words_i;
    end
  end

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    logic [ROW_AW-1:0] row_q;
    logic load;
    assign load = load_q && load_bank_q == BANK_W'(b);
    assign same_row[b] = taken_q[b] && row_q == row;
    assign address[ROW_AW*b+:ROW_AW] = row_q;
    always_ff @(posedge clk_i) begin
      if (row_valid && row_ready && alloc_q == BANK_W'(b)) row_q <= row;
    end

    // Most cycles touch no word of most buffers: one look instead of one a word.
    logic clear, touched;
    assign clear = row_valid && row_ready && alloc_q == BANK_W'(b);
    assign touched = load || clear || lane_q != '0;

    for (genvar s = 0; s < SEGMENTS; s++) begin : gen_segment
      // The segments whose successor is this one: before it in the row, or the last one of the row
      // before.
      localparam int unsigned BEFORE = (s + SEGMENTS - 1) % SEGMENTS;
      localparam int unsigned BANK_BEFORE = (s > 0) ? b : (b + Banks - 1) % Banks;
      logic here, after;
      assign here = bank_q == BANK_W'(b) && segment_q == SEGMENT_W'(s);
      assign after = bank_q == BANK_W'(BANK_BEFORE) && segment_q == SEGMENT_W'(BEFORE);

      logic [Lanes-1:0] write, mask_q;
      assign write = lane_q & ((low_q & {Lanes{after}}) | (~low_q & {Lanes{here}}));
      assign mask[ROW_WORDS*b+Lanes*s+:Lanes] = mask_q;

      always_ff @(posedge clk_i) begin
        if (touched) mask_q <= clear ? '0 : mask_q | write;
      end

      for (genvar l = 0; l < Lanes; l++) begin : gen_lane
        localparam int unsigned WORD = s * Lanes + l;
        logic [31:0] word_q;
        always_ff @(posedge clk_i) begin
          if (touched) begin
            if (load) word_q <= mem_rdata_i[32*WORD+:32];
            else if (write[l]) word_q <= result[32*l+:32];
          end
        end
        assign bank[Vlen*b+32*WORD+:32] = word_q;
      end
    end
  end

  `ASSERT(ATakenInUse, !(step_i && row_end_i) || ready_q[use_q])
  `ASSERT(AWriteInOrder, complete_q == '0 || write_valid)
  `ASSERT(AFreshBuffer, !(row_valid && row_ready && complete_q[alloc_q]))

endmodule
