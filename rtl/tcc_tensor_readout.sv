// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Read-out of the tensor engine: one accumulator bank to DMEM, rounded.
//
// Purpose      Steps all groups through their eight lanes, gathers the converted slices into a row
//              and writes it. Runs beside the next GEMV, which uses another bank.
// Protocol     ro_valid_i/ro_ready_o take an RD argument. step_*_o drive the groups; result_i is
//              the converters' slice two cycles after step_load_o. wr_req_o holds row and address
//              until wr_gnt_i. bank_busy_o: the bank must not change, from the cycle after the
//              hand-over to the last load.
// Latency      fp16, bf16: 1 drain + 8 steps + 2 flush + 1 write = 12 cycles; fp32, int32:
//              1 + 2 x (4 + 2 + 1) = 15 cycles.
// Throughput   One read-out in 13 (16-bit formats) or 16 (32-bit) cycles, so a GEMV of that many
//              rows hides it.
// Assumes      The last row of that bank was issued before the hand-over (in-order issue sees to
//              it): the drain cycle covers the two pipeline stages still in flight.
// Layout       Lane i's result is element i of the vector: bits [16 i +: 16] of the row in the
//              16-bit formats, else bits [32 (i mod L/2) +: 32] of row (i div L/2), L = Vlen / 16.
// Parameters   VLEN -> Vlen; DMEM -> DmemAw (row address width).
`include "tcc_assert.svh"

module tcc_tensor_readout #(
  parameter int Vlen = 128,
  parameter int DmemAw = 10
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  input  logic                         ro_valid_i,
  output logic                         ro_ready_o,
  input  logic [tcc_pkg::BANK_W-1:0]   ro_bank_i,
  input  logic [tcc_pkg::FORMAT_W-1:0] ro_format_i,
  input  logic                         ro_relu_i,
  input  logic [DmemAw-1:0]            ro_addr_i,
  output logic [tcc_pkg::BANKS-1:0]    bank_busy_o,
  output logic                         idle_o,

  output logic                         step_load_o,
  output logic                         step_abs_o,
  output logic [2:0]                   step_lane_o,
  output logic [tcc_pkg::BANK_W-1:0]   step_bank_o,
  output logic [tcc_pkg::FORMAT_W-1:0] step_format_o,
  output logic                         step_relu_o,
  input  logic [Vlen/4-1:0]            result_i,     // Vlen / 128 converters, 32 bits each

  output logic                         wr_req_o,
  output logic [DmemAw-1:0]            wr_addr_o,
  output logic [Vlen-1:0]              wr_data_o,
  input  logic                         wr_gnt_i
);

  localparam int GROUPS = Vlen / (16 * tcc_pkg::GROUP_LANES);
  localparam int HALF_SLICE_W = 16 * GROUPS;  // a slice of a 16-bit format
  localparam int SLICE_W = 32 * GROUPS;       // of a 32-bit format

  typedef enum logic [2:0] {Idle, Drain, Step, Flush, Write} state_e;
  state_e            state_q, state_d;
  logic [2:0]        lane_q, lane_d;
  logic              wide, relu_q, abs_q, result_q;
  logic [tcc_pkg::BANK_W-1:0]   bank_q;
  logic [tcc_pkg::FORMAT_W-1:0] format_q;
  logic [DmemAw-1:0] addr_q, addr_d;
  logic [Vlen-1:0]   row_q;
  logic              take, row_end, bank_held;

  assign take    = ro_valid_i && ro_ready_o;
  assign wide    = (format_q == tcc_pkg::FORMAT_FP32) || (format_q == tcc_pkg::FORMAT_INT32);
  assign row_end = (lane_q == 3'd7) || (wide && (lane_q == 3'd3));

  always_comb begin
    state_d = state_q;
    lane_d  = lane_q;
    addr_d  = addr_q;
    case (state_q)
      Idle: begin
        lane_d = 3'd0;
        addr_d = ro_addr_i;
        if (ro_valid_i) state_d = Drain;
      end
      Drain: state_d = Step;
      Step: begin
        lane_d = lane_q + 3'd1;
        if (row_end) state_d = Flush;
      end
      Flush: begin
        if (!abs_q) state_d = Write;
      end
      Write: begin
        // lane_q has wrapped to zero once all eight lanes are out.
        if (wr_gnt_i) begin
          addr_d  = addr_q + DmemAw'(1);
          state_d = (lane_q == 3'd0) ? Idle : Step;
        end
      end
      default: state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q  <= Idle;
      lane_q   <= '0;
      addr_q   <= '0;
      bank_q   <= '0;
      format_q <= '0;
      relu_q   <= 1'b0;
      abs_q    <= 1'b0;
      result_q <= 1'b0;
    end else begin
      state_q  <= state_d;
      lane_q   <= lane_d;
      addr_q   <= addr_d;
      abs_q    <= step_load_o;
      result_q <= abs_q;
      if (take) begin
        bank_q   <= ro_bank_i;
        format_q <= ro_format_i;
        relu_q   <= ro_relu_i;
      end
    end
  end

  // Converted slices enter at the top; after the last one the first lies at the bottom.
  logic [HALF_SLICE_W-1:0] half_slice;

  for (genvar g = 0; g < GROUPS; g++) begin : gen_half
    assign half_slice[16*g +: 16] = result_i[32*g +: 16];
  end

  always_ff @(posedge clk_i) begin
    if (result_q) begin
      row_q <= wide ? {result_i, row_q[Vlen-1:SLICE_W]}
                    : {half_slice, row_q[Vlen-1:HALF_SLICE_W]};
    end
  end

  assign ro_ready_o  = state_q == Idle;
  assign idle_o      = state_q == Idle;
  assign step_load_o = state_q == Step;
  assign step_abs_o  = abs_q;
  assign step_lane_o = lane_q;
  assign step_bank_o = bank_q;
  assign step_format_o = format_q;
  assign step_relu_o = relu_q;

  // Busy until the last lane has been loaded: all steps of a 16-bit format, and of a 32-bit one
  // also the first write.
  assign bank_held = (state_q == Drain) || (state_q == Step) ||
                     ((state_q != Idle) && (lane_q != 3'd0));
  assign bank_busy_o = tcc_pkg::BANKS'(bank_held) << bank_q;

  assign wr_req_o  = state_q == Write;
  assign wr_addr_o = addr_q;
  assign wr_data_o = row_q;

  `ASSERT(WriteAfterFlush, !wr_req_o || (!abs_q && !result_q))
  `ASSERT(StepInsideBusy, !step_load_o || bank_busy_o[step_bank_o])

endmodule
