// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Front end of the tensor engine: command queue, activation buffer, address generators.
//
// Purpose      Takes tensor commands, lets tcc_tensor_x read the DMEM rows they need ahead of use,
//              and issues one product a cycle: the weight row's address, the activation that
//              multiplies it, the bank. A weight row is used for all vectors of a batch before the
//              next one. No instruction per row.
// Protocol     cmd: valid/ready, operation and argument as in tcc_pkg (WPTR, GEMV, ADDF, RD). DMEM:
//              x_req_o wins the port in the cycle it is high, the read-out (wr_req_i) has it next,
//              then mat_req_o (a row of a matrix in DMEM), which rises only when it has the port.
//              A matrix row in WMEM is read once for a batch and stays on that memory's output
//              (wm_hold_o: nobody else may read there); one
//              in DMEM is read for each vector, because reads of x come between. oob_o: in the
//              cycle before, a matrix row past the end of DMEM was asked for (and not read).
//              Read-out: ro_valid_o/ro_ready_i hands an RD over.
// Latency      Command accepted in cycle c, DMEM read c + 1, first row issued (gemv_o) c + 3.
// Throughput   One weight row a cycle, also across the end of a DMEM row and across back-to-back
//              GEMVs; with a matrix in DMEM, except in the cycles that read x or write results.
//              WPTR and RD take one issue cycle each, ADDF eight.
//
//                cycle      c   c+1  c+2  c+3 ... c+2+k  c+3+k
//                cmd        ##                                    GEMV, RD behind it in the queue
//                x_req          ############                      four rows ahead, then one every L
//                gemv_o                   #############           rows and vector
//                ro_valid                               ##        RD to the read-out, next runs
//
// Assumes      GEMV 1 <= k <= 32768. Rows of later commands may be read before earlier RD's writes
//              have landed: a program that reads what it wrote waits in between.
// Parameters   VLEN -> Vlen (128 to 2048, power of two), DMEM -> DmemAw (its row address width) and
//              DmemRows. QueueDepth: ours.
`include "tcc_assert.svh"

module tcc_tensor_issue #(
  parameter int Vlen = 128,
  parameter int DmemAw = 10,
  parameter int DmemRows = 1024,
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
  output logic                          x_req_o,
  output logic [DmemAw-1:0]             x_addr_o,
  input  logic                          wr_req_i,
  output logic                          mat_req_o,
  input  logic [Vlen-1:0]               dm_rdata_i,
  output logic                          oob_o,

  // WMEM; the address is also the matrix row's in DMEM
  output logic                          wm_req_o,
  output logic [tcc_pkg::WPTR_W-1:0]    wm_addr_o,
  output logic                          wm_hold_o,    // a row is in use, or is to come

  // Issue
  output logic                          gemv_o,       // multiply the weight row by x_o
  output logic                          addf_o,       // add slice_o, lane lane_o of each group
  output logic [15:0]                   x_o,
  output logic [Vlen/4-1:0]             slice_o,
  output logic [2:0]                    lane_o,
  output logic [tcc_pkg::TYPE_W-1:0]    type_o,
  output logic                          dmem_o,       // the weight row comes from DMEM
  output logic [tcc_pkg::BANK_W-1:0]    bank_o,
  output logic                          clr_o,

  // Read-out
  output logic                          ro_valid_o,
  input  logic                          ro_ready_i,
  output logic [tcc_pkg::ARG_W-1:0]     ro_arg_o,
  input  logic [tcc_pkg::BANKS-1:0]     ro_bank_busy_i
);

  localparam int LANES = Vlen / 16;
  localparam int ELEM_W = $clog2(LANES);
  localparam int ROW_W = tcc_pkg::ROW_W;
  localparam int BATCH_W = tcc_pkg::BANK_W;
  localparam int ADDF_STEPS = tcc_pkg::GROUP_LANES;  // one slice of the lanes a step
  localparam int ADDF_ROWS = 2;                      // LANES fp32 values
  localparam int QUEUE_W = tcc_pkg::OP_W + tcc_pkg::ARG_W;

  // Two queues filled together: what to execute, and which DMEM rows that needs.
  logic [ROW_W-1:0]            in_count, in_rows;
  logic [BATCH_W-1:0]          in_batch;
  logic                        in_reads, q_ready, x_ready, q_valid, q_pop;
  logic [tcc_pkg::OP_W-1:0]    op;
  logic [tcc_pkg::ARG_W-1:0]   arg;

  assign in_count = cmd_arg_i[tcc_pkg::ARG_COUNT_LSB +: ROW_W];
  always_comb begin
    in_reads = 1'b1;
    in_rows  = in_count;
    in_batch = '0;
    case (cmd_op_i)
      tcc_pkg::OP_GEMV: begin
        in_rows  = (in_count + ROW_W'(LANES - 1)) >> ELEM_W;
        in_batch = cmd_arg_i[tcc_pkg::ARG_BATCH_LSB +: BATCH_W];
      end
      tcc_pkg::OP_ADDF: in_rows = ROW_W'(ADDF_ROWS);
      default:          in_reads = 1'b0;
    endcase
  end

  assign cmd_ready_o = q_ready && x_ready;

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

  logic [BATCH_W-1:0] slot;
  logic               x_valid, x_pop;
  logic [ROW_W-1:0]   count_q;

  tcc_tensor_x #(
    .Vlen       (Vlen),
    .DmemAw     (DmemAw),
    .QueueDepth (QueueDepth)
  ) u_x (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .rows_valid_i (cmd_valid_i && cmd_ready_o && in_reads),
    .rows_ready_o (x_ready),
    .rows_base_i  (cmd_arg_i[tcc_pkg::ARG_ROW_LSB +: DmemAw]),
    .rows_count_i (in_rows),
    .rows_batch_i (in_batch),
    .dm_req_o     (x_req_o),
    .dm_addr_o    (x_addr_o),
    .dm_rdata_i   (dm_rdata_i),
    .slot_i       (slot),
    .valid_o      (x_valid),
    .pop_i        (x_pop),
    .elem_i       (count_q[ELEM_W-1:0]),
    .x_o          (x_o),
    .slice_o      (slice_o)
  );

  // Execute the head of the queue. count_q counts weight rows or steps of the command, vec_q the
  // vectors of the batch.
  logic [BATCH_W-1:0] vec_q;
  logic [ROW_W-1:0]   count;
  logic               is_gemv, is_addf, is_wptr, is_rd, from_dmem, bank_free, port_free;
  logic               step, last, last_vec, x_end;

  assign is_gemv   = q_valid && (op == tcc_pkg::OP_GEMV);
  assign is_addf   = q_valid && (op == tcc_pkg::OP_ADDF);
  assign is_wptr   = q_valid && (op == tcc_pkg::OP_WPTR);
  assign is_rd     = q_valid && (op == tcc_pkg::OP_RD);
  assign from_dmem = arg[tcc_pkg::ARG_DMEM];

  assign count     = arg[tcc_pkg::ARG_COUNT_LSB +: ROW_W];
  assign last      = count_q + ROW_W'(1) == (is_addf ? ROW_W'(ADDF_STEPS) : count);
  assign last_vec  = !is_gemv || (vec_q == arg[tcc_pkg::ARG_BATCH_LSB +: BATCH_W]);
  assign bank_free = !ro_bank_busy_i[bank_o];
  assign port_free = !x_req_o && !wr_req_i;

  assign gemv_o   = is_gemv && x_valid && bank_free && (port_free || !from_dmem);
  assign addf_o   = is_addf && x_valid && bank_free;
  assign step     = gemv_o || addf_o;
  assign q_pop    = (step && last && last_vec) || is_wptr || (is_rd && ro_ready_i);

  // Elements of a batch lie in as many rows, the oldest first; their last ones use the rows up.
  assign x_end = last || (count_q[ELEM_W-1:0] == ELEM_W'(LANES - 1));
  assign slot  = (is_gemv && !x_end) ? vec_q : '0;
  assign x_pop = (gemv_o && x_end) || (addf_o && (count_q[1:0] == 2'd3));

  assign lane_o     = count_q[2:0];
  assign type_o     = arg[tcc_pkg::ARG_TYPE_LSB +: tcc_pkg::TYPE_W];
  assign dmem_o     = from_dmem;
  assign bank_o     = arg[tcc_pkg::ARG_BANK_LSB +: tcc_pkg::BANK_W] + vec_q;
  assign clr_o      = arg[tcc_pkg::ARG_CLR] && (is_addf || (count_q == '0));
  assign ro_valid_o = is_rd;
  assign ro_arg_o   = arg;
  assign idle_o     = !q_valid;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
      vec_q   <= '0;
    end else if (step) begin
      if (last_vec) count_q <= last ? '0 : count_q + ROW_W'(1);
      vec_q <= last_vec ? '0 : vec_q + BATCH_W'(1);
    end
  end

  // Matrix pointer: set by WPTR, advanced by each row.
  logic [tcc_pkg::WPTR_W-1:0]   wptr_q;
  logic [tcc_pkg::STRIDE_W-1:0] stride_q;
  logic                         in_dmem, oob_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q   <= '0;
      stride_q <= tcc_pkg::STRIDE_W'(1);
      oob_q    <= 1'b0;
    end else begin
      oob_q <= gemv_o && from_dmem && !in_dmem;
      if (is_wptr) begin
        wptr_q   <= arg[tcc_pkg::ARG_WPTR_LSB +: tcc_pkg::WPTR_W];
        stride_q <= arg[tcc_pkg::ARG_STRIDE_LSB +: tcc_pkg::STRIDE_W];
      end else if (gemv_o && last_vec) begin
        wptr_q <= wptr_q + tcc_pkg::WPTR_W'(signed'(stride_q));
      end
    end
  end

  assign in_dmem   = wptr_q < tcc_pkg::WPTR_W'(DmemRows);
  assign mat_req_o = gemv_o && from_dmem && in_dmem;
  assign wm_req_o  = gemv_o && !from_dmem && (vec_q == '0);
  assign wm_addr_o = wptr_q;
  assign wm_hold_o = is_gemv && !from_dmem;
  assign oob_o     = oob_q;

  `ASSERT(KnownOperation, !q_valid || is_gemv || is_addf || is_wptr || is_rd)
  `ASSERT(KnownType, !is_gemv || (type_o != tcc_pkg::TYPE_NONE))
  `ASSERT(CountInRange, !is_gemv || (count != '0))
  `ASSERT(GemvFitsGuardBits, !is_gemv || (count <= ROW_W'(tcc_pkg::MAX_ROWS)))

endmodule
