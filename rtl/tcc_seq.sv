// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Sequencer: runs the tile's command program. It stands where the RISC-V core will sit, and drives
// the same tensor, memory and network interfaces that the core's custom instructions will drive.
//
// Purpose      Fetches 64-bit commands from IMEM in order and hands each to the unit that executes
//              it. Units run in parallel; the program orders them with WAIT. No branches: a program
//              runs from block 0 to its HALT.
// Protocol     start_i (one cycle, ignored while running) starts at block 0; done_o rises at HALT,
//              when all units are idle, and stays until the next start. error_o rises with done_o,
//              sticky until the next start, on: an illegal command (tcc_seq_check), HALT with a
//              code, the end of IMEM, a WMEM read out of range, an error of the network interface.
//              Tensor and NI commands: valid/ready.
//
//   op    command  argument (bit positions in tcc_pkg)               waits for
//   0x00  HALT     code                                              tensor and network idle
//   0x01  WPTR     base, stride                                      room in the tensor queue
//   0x02  GEMV     x row, k, bank, clr                               room in the tensor queue
//   0x03  ADDF     row, bank, clr                                    room in the tensor queue
//   0x04  RD       row, bank, fp32, relu                             room in the tensor queue
//   0x05  MOVE     source row, rows, destination row                 room in the tensor queue
//   0x06  SEND     word address, length, channel, peer               the send engine
//   0x07  RECV     word address, length, channel, peer               the receive engine
//   0x08  RADD     word address, length, channel, peer               the receive engine
//   0x09  WAIT     tensor, send, recv                                the named units to be idle
//
// Latency      Start to first command 3 cycles (FetchSize > 1) or 4 (FetchSize 1).
// Throughput   A command a cycle, or one every two cycles with FetchSize 1.
// Assumes      t_idle_i, send_busy_i and recv_busy_i show an accepted command from the next cycle
//              on.
// Parameters   FETCH_SIZE -> FetchSize; IMEM -> ImemKib; VLEN -> Vlen; DMEM -> DmemKib; mesh ->
//              MeshCols, MeshRows.
`include "tcc_assert.svh"

module tcc_seq #(
  parameter int FetchSize = 1,
  parameter int ImemKib = 1,
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter int MeshCols = 8,
  parameter int MeshRows = 8,
  localparam int BLOCKS = ImemKib * 256 / FetchSize,
  localparam int IMEM_AW = $clog2(BLOCKS),
  localparam int WORD_AW = $clog2(DmemKib * 256)
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,

  input  logic                              start_i,
  output logic                              done_o,
  output logic                              error_o,

  output logic                              im_req_o,
  output logic [IMEM_AW-1:0]                im_addr_o,
  input  logic [32*FetchSize-1:0]           im_rdata_i,

  // Tensor engine
  output logic                              t_valid_o,
  input  logic                              t_ready_i,
  output logic [tcc_pkg::OP_W-1:0]          t_op_o,
  output logic [tcc_pkg::ARG_W-1:0]         t_arg_o,
  input  logic                              t_idle_i,
  input  logic                              wm_oob_i,

  // Network interface
  output logic                              ni_valid_o,
  input  logic                              ni_ready_i,
  output logic [1:0]                        ni_op_o,
  output logic [tcc_noc_pkg::COORD_W-1:0]   ni_peer_x_o,
  output logic [tcc_noc_pkg::COORD_W-1:0]   ni_peer_y_o,
  output logic [tcc_noc_pkg::CHANNEL_W-1:0] ni_ch_o,
  output logic [WORD_AW-1:0]                ni_addr_o,
  output logic [tcc_noc_pkg::LENGTH_W-1:0]  ni_len_o,
  input  logic                              send_busy_i,
  input  logic                              recv_busy_i,
  input  logic                              ni_err_i
);

  logic                      run_q, done_q, error_q;
  logic                      valid, ready, overrun, bad;
  logic [tcc_pkg::CMD_W-1:0] cmd;
  logic [tcc_pkg::OP_W-1:0]  op;
  logic [tcc_pkg::ARG_W-1:0] arg;

  tcc_seq_fetch #(
    .FetchSize (FetchSize),
    .Blocks    (BLOCKS)
  ) u_fetch (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .run_i       (run_q),
    .cmd_valid_o (valid),
    .cmd_o       (cmd),
    .cmd_ready_i (ready),
    .overrun_o   (overrun),
    .im_req_o    (im_req_o),
    .im_addr_o   (im_addr_o),
    .im_rdata_i  (im_rdata_i)
  );

  tcc_seq_check #(
    .Vlen     (Vlen),
    .DmemKib  (DmemKib),
    .MeshCols (MeshCols),
    .MeshRows (MeshRows)
  ) u_check (
    .cmd_i (cmd),
    .bad_o (bad)
  );

  // Dispatch: which unit, and may the command go now?
  logic to_tensor, to_ni, is_wait, is_halt, units_idle, wait_over, halt, fault;

  assign {op, arg} = cmd;

  always_comb begin
    to_tensor = 1'b0;
    to_ni     = 1'b0;
    ni_op_o   = tcc_noc_pkg::NI_SEND;
    case (op)
      tcc_pkg::OP_WPTR, tcc_pkg::OP_GEMV, tcc_pkg::OP_ADDF, tcc_pkg::OP_RD, tcc_pkg::OP_MOVE:
        to_tensor = 1'b1;
      tcc_pkg::OP_SEND: to_ni = 1'b1;
      tcc_pkg::OP_RECV: begin
        to_ni   = 1'b1;
        ni_op_o = tcc_noc_pkg::NI_RECV;
      end
      tcc_pkg::OP_RADD: begin
        to_ni   = 1'b1;
        ni_op_o = tcc_noc_pkg::NI_RADD;
      end
      default: ;
    endcase
  end

  assign is_wait    = op == tcc_pkg::OP_WAIT;
  assign is_halt    = op == tcc_pkg::OP_HALT;
  assign units_idle = t_idle_i && !send_busy_i && !recv_busy_i;
  assign wait_over  = (t_idle_i || !arg[tcc_pkg::ARG_WAIT_TENSOR]) &&
                      (!send_busy_i || !arg[tcc_pkg::ARG_WAIT_SEND]) &&
                      (!recv_busy_i || !arg[tcc_pkg::ARG_WAIT_RECV]);

  assign t_valid_o  = run_q && valid && !bad && to_tensor;
  assign ni_valid_o = run_q && valid && !bad && to_ni;
  assign ready      = (t_valid_o && t_ready_i) || (ni_valid_o && ni_ready_i) ||
                      (is_wait && wait_over);

  assign halt  = run_q && valid && is_halt && units_idle;
  assign fault = run_q && ((valid && bad) || overrun || wm_oob_i || ni_err_i);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      run_q   <= 1'b0;
      done_q  <= 1'b0;
      error_q <= 1'b0;
    end else if (halt || fault) begin
      run_q   <= 1'b0;
      done_q  <= 1'b1;
      error_q <= fault;
    end else if (start_i && !run_q) begin
      run_q   <= 1'b1;
      done_q  <= 1'b0;
      error_q <= 1'b0;
    end
  end

  assign done_o  = done_q;
  assign error_o = error_q;

  // Argument fields.
  assign t_op_o      = op;
  assign t_arg_o     = arg;
  assign ni_peer_x_o = arg[tcc_pkg::ARG_PEER_X_LSB +: tcc_noc_pkg::COORD_W];
  assign ni_peer_y_o = arg[tcc_pkg::ARG_PEER_Y_LSB +: tcc_noc_pkg::COORD_W];
  assign ni_ch_o     = arg[tcc_pkg::ARG_CH_LSB +: tcc_noc_pkg::CHANNEL_W];
  assign ni_addr_o   = arg[tcc_pkg::ARG_WORD_LSB +: WORD_AW];
  assign ni_len_o    = arg[tcc_pkg::ARG_LEN_LSB +: tcc_noc_pkg::LENGTH_W];

  `ASSERT(OneUnit, !(t_valid_o && ni_valid_o))
  `ASSERT(NoErrorWithoutDone, !error_q || done_q)

endmodule
