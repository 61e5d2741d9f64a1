// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Front end of the tensor engine: command queue, activation prefetch, address generators.
//
// Purpose      Takes tensor commands, reads the DMEM rows they need ahead of use, and issues one
//              weight row a cycle: WMEM address, and which element of the current DMEM row
//              multiplies it. No instruction per row.
// Protocol     cmd: valid/ready, operation and argument as in tcc_pkg (WPTR, GEMV, ADDF, RD, MOVE;
//              nothing else). DMEM: dm_rd_req_o wins the port in the cycle it is high; the row
//              stays on the memory's output until the next read, and that output register is the
//              only activation buffer. mv_req_o writes the current row to mv_addr_o and holds until
//              mv_gnt_i. Read-out: ro_valid_o/ro_ready_i hands an RD over.
// Latency      Command accepted in cycle c, DMEM read c + 1, first row issued (gemv_o) c + 2.
// Throughput   One weight row a cycle, also across the end of a DMEM row (the next read is issued
//              with the last use of the old row) and across back-to-back GEMVs. WPTR and RD take
//              one issue cycle each, ADDF eight, MOVE two a row.
//
//                cycle      c   c+1  c+2 ... c+1+k  c+2+k
//                cmd        ##                                   GEMV, RD behind it in the queue
//                dm_rd           ##        #                     one read every L rows
//                gemv_o               ############
//                ro_valid                          ##            RD to the read-out, next GEMV runs
//
// Assumes      GEMV 1 <= k <= 32768, MOVE rows >= 1. Rows of later commands may be read before
//              earlier RD and MOVE writes have landed: a program that reads what it wrote puts a
//              WAIT between.
// Parameters   VLEN -> Vlen (128 to 2048, power of two), DMEM -> DmemAw (its row address width).
//              QueueDepth: ours.
`include "tcc_assert.svh"

module tcc_tensor_issue #(
  parameter int Vlen = 128,
  parameter int DmemAw = 10,
  parameter int QueueDepth = 4
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          cmd_valid_i,
  output logic                          cmd_ready_o,
  input  logic [tcc_pkg::OP_W-1:0]      cmd_op_i,
  input  logic [tcc_pkg::ARG_W-1:0]     cmd_arg_i,
  output logic                          idle_o,       // queue empty: everything has been issued

  // DMEM, wide port
  output logic                          dm_rd_req_o,
  output logic [DmemAw-1:0]             dm_rd_addr_o,
  output logic                          mv_req_o,
  output logic [DmemAw-1:0]             mv_addr_o,
  input  logic                          mv_gnt_i,

  // WMEM
  output logic                          wm_req_o,
  output logic [tcc_pkg::WPTR_W-1:0]    wm_addr_o,

  // Issue, together with the DMEM row now on the memory's output
  output logic                          gemv_o,       // multiply by element elem_o
  output logic                          addf_o,       // add slice elem_o[2:0]
  output logic [$clog2(Vlen/16)-1:0]    elem_o,
  output logic                          bank_o,
  output logic                          clr_o,

  // Read-out
  output logic                          ro_valid_o,
  input  logic                          ro_ready_i,
  output logic [tcc_pkg::ARG_W-1:0]     ro_arg_o,
  input  logic [1:0]                    ro_bank_busy_i
);

  localparam int LANES = Vlen / 16;
  localparam int ELEM_W = $clog2(LANES);
  localparam int ROW_W = tcc_pkg::ROW_W;
  localparam int ADDF_STEPS = tcc_pkg::GROUP_LANES;  // one slice of the lanes a step
  localparam int ADDF_ROWS = 2;                      // LANES fp32 values
  localparam int QUEUE_W = tcc_pkg::OP_W + tcc_pkg::ARG_W;
  localparam int PREFETCH_W = DmemAw + ROW_W;

  // Two queues filled together: what to execute, and which DMEM rows that needs.
  logic [ROW_W-1:0]            in_count, in_rows;
  logic                        in_reads, q_ready, pf_ready, q_valid, q_pop, pf_valid, pf_pop;
  logic [PREFETCH_W-1:0]       pf_head;
  logic [tcc_pkg::OP_W-1:0]    op;
  logic [tcc_pkg::ARG_W-1:0]   arg;

  assign in_count = cmd_arg_i[tcc_pkg::ARG_COUNT_LSB +: ROW_W];
  always_comb begin
    in_reads = 1'b1;
    in_rows  = in_count;
    case (cmd_op_i)
      tcc_pkg::OP_GEMV: in_rows = (in_count + ROW_W'(LANES - 1)) >> ELEM_W;
      tcc_pkg::OP_ADDF: in_rows = ROW_W'(ADDF_ROWS);
      tcc_pkg::OP_MOVE: in_rows = in_count;
      default:          in_reads = 1'b0;
    endcase
  end

  assign cmd_ready_o = q_ready && pf_ready;

  tcc_fifo #(
    .Width       (QUEUE_W),
    .Depth       (QueueDepth),
    .PassThrough (1'b0)
  ) u_queue (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .in_data_i   ({cmd_op_i, cmd_arg_i}),
    .in_valid_i  (cmd_valid_i && cmd_ready_o),
    .in_ready_o  (q_ready),
    .out_data_o  ({op, arg}),
    .out_valid_o (q_valid),
    .out_ready_i (q_pop)
  );

  tcc_fifo #(
    .Width       (PREFETCH_W),
    .Depth       (QueueDepth),
    .PassThrough (1'b0)
  ) u_prefetch (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .in_data_i   ({cmd_arg_i[tcc_pkg::ARG_ROW_LSB +: DmemAw], in_rows}),
    .in_valid_i  (cmd_valid_i && cmd_ready_o && in_reads),
    .in_ready_o  (pf_ready),
    .out_data_o  (pf_head),
    .out_valid_o (pf_valid),
    .out_ready_i (pf_pop)
  );

  // Prefetch: read the next row as soon as the current one is spent.
  logic             row_valid_q, row_spent, mv_done;
  logic [ROW_W-1:0] pf_count_q, pf_rows;

  assign pf_rows      = pf_head[ROW_W-1:0];
  assign dm_rd_req_o  = pf_valid && (!row_valid_q || row_spent);
  assign dm_rd_addr_o = pf_head[ROW_W +: DmemAw] + DmemAw'(pf_count_q);
  assign pf_pop       = dm_rd_req_o && (pf_count_q + ROW_W'(1) == pf_rows);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_valid_q <= 1'b0;
      pf_count_q  <= '0;
    end else begin
      row_valid_q <= dm_rd_req_o || (row_valid_q && !row_spent && !mv_done);
      if (dm_rd_req_o) pf_count_q <= pf_pop ? '0 : pf_count_q + ROW_W'(1);
    end
  end

  // Execute the head of the queue. count_q counts rows, steps or moved rows of the command.
  logic [ROW_W-1:0] count_q, count;
  logic             is_gemv, is_addf, is_move, is_wptr, is_rd, bank_free, step, last;

  assign is_gemv = q_valid && (op == tcc_pkg::OP_GEMV);
  assign is_addf = q_valid && (op == tcc_pkg::OP_ADDF);
  assign is_move = q_valid && (op == tcc_pkg::OP_MOVE);
  assign is_wptr = q_valid && (op == tcc_pkg::OP_WPTR);
  assign is_rd   = q_valid && (op == tcc_pkg::OP_RD);

  assign count     = arg[tcc_pkg::ARG_COUNT_LSB +: ROW_W];
  assign bank_free = !ro_bank_busy_i[bank_o];
  assign last      = count_q + ROW_W'(1) == (is_addf ? ROW_W'(ADDF_STEPS) : count);

  assign gemv_o   = is_gemv && row_valid_q && bank_free;
  assign addf_o   = is_addf && row_valid_q && bank_free;
  assign mv_req_o = is_move && row_valid_q;
  assign mv_done  = mv_req_o && mv_gnt_i;
  assign step     = gemv_o || addf_o || mv_done;

  // A moved row is not counted as spent: its write holds the port that the next read needs.
  assign row_spent = (gemv_o && (last || (count_q[ELEM_W-1:0] == ELEM_W'(LANES - 1)))) ||
                     (addf_o && (count_q[1:0] == 2'd3));
  assign q_pop     = (step && last) || is_wptr || (is_rd && ro_ready_i);

  assign elem_o     = count_q[ELEM_W-1:0];
  assign bank_o     = arg[tcc_pkg::ARG_BANK];
  assign clr_o      = arg[tcc_pkg::ARG_CLR] && (is_addf || (count_q == '0));
  assign mv_addr_o  = arg[tcc_pkg::ARG_DST_LSB +: DmemAw] + DmemAw'(count_q);
  assign ro_valid_o = is_rd;
  assign ro_arg_o   = arg;
  assign idle_o     = !q_valid;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else if (step) begin
      count_q <= last ? '0 : count_q + ROW_W'(1);
    end
  end

  // Weight pointer: set by WPTR, advanced by each row.
  logic [tcc_pkg::WPTR_W-1:0]   wptr_q;
  logic [tcc_pkg::STRIDE_W-1:0] stride_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q   <= '0;
      stride_q <= tcc_pkg::STRIDE_W'(1);
    end else if (is_wptr) begin
      wptr_q   <= arg[tcc_pkg::ARG_WPTR_LSB +: tcc_pkg::WPTR_W];
      stride_q <= arg[tcc_pkg::ARG_STRIDE_LSB +: tcc_pkg::STRIDE_W];
    end else if (gemv_o) begin
      wptr_q <= wptr_q + tcc_pkg::WPTR_W'(signed'(stride_q));
    end
  end

  assign wm_req_o  = gemv_o;
  assign wm_addr_o = wptr_q;

  `ASSERT(KnownOperation, !q_valid || is_gemv || is_addf || is_move || is_wptr || is_rd)
  `ASSERT(CountInRange, !(is_gemv || is_move) || (count != '0))
  `ASSERT(GemvFitsGuardBits, !is_gemv || (count <= ROW_W'(tcc_pkg::MAX_ROWS)))
  `ASSERT(MoveNeverSpends, !(mv_req_o && row_spent))

endmodule
