// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Commands of the core to the tile's units.
//
// Purpose      Checks a command's operands, turns its addresses into rows or words of DMEM, and
//              hands it to the tensor engine or the network interface. Holds s.wait until what it
//              names is idle.
// Protocol     cmd: valid/ready; operation (tcc_core_pkg::CMD_*), flags, operands. cmd_fault_o:
//              this one is illegal and will not be accepted. Units: valid/ready, in the same cycle.
//              units_fault_o: a unit could not do what it had accepted.
//
//   command     a                      b                                   flags
//   WPTR        row of WMEM or DMEM    step in rows, 16 bits signed        0
//   GEMV        address of x           elements of x, 1..32768             bank, clr, batch, type,
//                                                                          dmem
//   ADD         address of two rows    -                                   bank, clr
//   RD          address of the result  -                                   bank, format, relu
//   SEND, RECV, address                {peer y [27:22], x [21:16], words}  channel [7:0]
//   RADD
//   WAIT        -                      -                                   tensor, sends, receives,
//                                                                          vectors, left
//
//              Addresses of rows are multiples of VLEN / 8, of words of 4; everything that is read
//              or written lies in DMEM; bits that nothing is said of are 0.
// Latency      0 cycles.
// Throughput   1 command a cycle.
// Assumes      t_idle_i, send_busy_i and recv_busy_i show an accepted command from the next cycle
//              on; recv_done_i for one cycle a receive.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib; mesh -> MeshCols, MeshRows.
`include "tcc_assert.svh"

module tcc_command #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter int MeshCols = 8,
  parameter int MeshRows = 8,
  localparam int WORD_AW = $clog2(DmemKib * 256)
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,

  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  output logic                              cmd_fault_o,
  input  logic [tcc_core_pkg::CMD_W-1:0]    cmd_op_i,
  input  logic [tcc_pkg::FLAGS_W-1:0]  cmd_flags_i,
  input  logic [31:0]                       cmd_a_i,
  input  logic [31:0]                       cmd_b_i,
  output logic                              units_idle_o,
  output logic                              units_fault_o,

  // Tensor engine
  output logic                              t_valid_o,
  input  logic                              t_ready_i,
  output logic [tcc_pkg::OP_W-1:0]          t_op_o,
  output logic [tcc_pkg::ARG_W-1:0]         t_arg_o,
  input  logic                              t_idle_i,
  input  logic                              t_fault_i,

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
  input  logic                              recv_done_i,
  input  logic                              ni_fault_i,

  // Vector unit, which gets its instructions from the core
  input  logic                              v_idle_i
);

  localparam int LANES = Vlen / 16;
  localparam int ROW_LSB = $clog2(Vlen / 8);  // of a byte address
  localparam int ROWS = DmemKib * (8192 / Vlen);
  localparam int WORDS = DmemKib * 256;
  localparam int ROW_W = tcc_pkg::ROW_W;
  localparam int END_W = 20;                  // holds a row or word and what follows it
  localparam int COORD_W = tcc_noc_pkg::COORD_W;
  localparam int LEFT_W = 3;                  // the network interface holds three receives

  // Where in DMEM: 512 KiB at most, so 19 bits of bytes; what is beyond is out of range.
  logic [31:0]      offset;
  logic             outside;
  logic [END_W-1:0] row, row_end, word, word_end;

  assign offset  = cmd_a_i - tcc_core_pkg::DMEM_BASE;
  assign outside = offset[31:19] != '0;
  assign row     = END_W'(offset[18:ROW_LSB]);
  assign word    = END_W'(offset[18:2]);

  // How many rows a command covers.
  logic [END_W-1:0] x_rows, covered;
  logic [1:0]       batch;

  assign batch  = cmd_flags_i[tcc_pkg::FLAG_BATCH_LSB +: 2];
  assign x_rows = (END_W'(cmd_b_i[15:0]) + END_W'(LANES - 1)) >> $clog2(LANES);

  always_comb begin
    case (cmd_op_i)
      tcc_core_pkg::CMD_GEMV: covered = x_rows * (END_W'(batch) + END_W'(1));
      tcc_core_pkg::CMD_ADD:  covered = END_W'(2);
      default:                covered = (cmd_flags_i[tcc_pkg::FLAG_FORMAT_LSB +: 2] ==
                                         tcc_pkg::FORMAT_FP32) ||
                                        (cmd_flags_i[tcc_pkg::FLAG_FORMAT_LSB +: 2] ==
                                         tcc_pkg::FORMAT_INT32) ? END_W'(2) : END_W'(1);
    endcase
  end

  assign row_end  = row + covered;
  assign word_end = word + END_W'(cmd_b_i[tcc_noc_pkg::LENGTH_W-1:0]);

  // Legality.
  logic row_bad, word_bad, count_bad, step_bad, peer_bad, flags_bad, bad;

  assign row_bad   = outside || (offset[ROW_LSB-1:0] != '0) || (row_end > END_W'(ROWS));
  assign word_bad  = outside || (offset[1:0] != 2'd0) || (word_end > END_W'(WORDS));
  assign count_bad = (cmd_b_i == '0) || (cmd_b_i > 32'(tcc_pkg::MAX_ROWS));
  assign step_bad  = (cmd_a_i[31:tcc_pkg::WPTR_W] != '0) ||
                     (cmd_b_i[31:16] != {16{cmd_b_i[15]}});
  assign peer_bad  = (cmd_b_i[31:28] != '0) ||
                     ({1'b0, ni_peer_x_o} >= (COORD_W+1)'(MeshCols)) ||
                     ({1'b0, ni_peer_y_o} >= (COORD_W+1)'(MeshRows));

  always_comb begin
    bad       = 1'b0;
    flags_bad = 1'b0;
    case (cmd_op_i)
      tcc_core_pkg::CMD_WPTR: bad = step_bad;
      tcc_core_pkg::CMD_GEMV: begin
        flags_bad = ((cmd_flags_i & ~tcc_isa_pkg::FLAGS_T_GEMV) != '0) ||
                    (cmd_flags_i[tcc_pkg::FLAG_TYPE_LSB +: 2] == tcc_pkg::TYPE_NONE);
        bad       = count_bad || row_bad;
      end
      tcc_core_pkg::CMD_ADD: begin
        flags_bad = (cmd_flags_i & ~tcc_isa_pkg::FLAGS_T_ADD) != '0;
        bad       = row_bad;
      end
      tcc_core_pkg::CMD_RD: begin
        flags_bad = (cmd_flags_i & ~tcc_isa_pkg::FLAGS_T_RD) != '0;
        bad       = row_bad;
      end
      tcc_core_pkg::CMD_WAIT: flags_bad = (cmd_flags_i & ~tcc_isa_pkg::FLAGS_S_WAIT) != '0;
      tcc_core_pkg::CMD_SEND: begin
        flags_bad = (cmd_flags_i & ~tcc_isa_pkg::FLAGS_N_SEND) != '0;
        bad       = word_bad || peer_bad;
      end
      tcc_core_pkg::CMD_RECV: begin
        flags_bad = (cmd_flags_i & ~tcc_isa_pkg::FLAGS_N_RECV) != '0;
        bad       = word_bad || peer_bad;
      end
      tcc_core_pkg::CMD_RADD: begin
        flags_bad = (cmd_flags_i & ~tcc_isa_pkg::FLAGS_N_RADD) != '0;
        bad       = word_bad || peer_bad;
      end
      default: bad = 1'b1;
    endcase
  end

  assign cmd_fault_o = cmd_valid_i && (bad || flags_bad);

  // Receives that are under way.
  logic [LEFT_W-1:0] receives_q;
  logic [1:0]        left;
  logic              receives;

  assign left     = cmd_flags_i[tcc_pkg::FLAG_WAIT_LEFT_LSB +: 2];
  assign receives = ni_valid_o && ni_ready_i && (cmd_op_i != tcc_core_pkg::CMD_SEND);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) receives_q <= '0;
    else         receives_q <= receives_q + LEFT_W'(receives) - LEFT_W'(recv_done_i);
  end

  // Who takes it.
  logic to_network, is_wait, wait_over;

  assign to_network = cmd_op_i[3];
  assign is_wait    = cmd_op_i == tcc_core_pkg::CMD_WAIT;
  assign wait_over  = (t_idle_i || !cmd_flags_i[tcc_pkg::FLAG_WAIT_TENSOR]) &&
                      (!send_busy_i || !cmd_flags_i[tcc_pkg::FLAG_WAIT_SEND]) &&
                      ((receives_q <= LEFT_W'(left)) || !cmd_flags_i[tcc_pkg::FLAG_WAIT_RECV]) &&
                      (v_idle_i || !cmd_flags_i[tcc_pkg::FLAG_WAIT_VECTOR]);

  assign t_valid_o   = cmd_valid_i && !cmd_fault_o && !to_network && !is_wait;
  assign ni_valid_o  = cmd_valid_i && !cmd_fault_o && to_network;
  assign cmd_ready_o = !cmd_fault_o &&
                       (is_wait ? wait_over : (to_network ? ni_ready_i : t_ready_i));

  assign units_idle_o  = t_idle_i && v_idle_i && !send_busy_i && !recv_busy_i;
  assign units_fault_o = t_fault_i || ni_fault_i;

  // What it is told.
  logic [tcc_pkg::ARG_W-1:0] wptr_arg, row_arg;

  assign wptr_arg = (tcc_pkg::ARG_W'(cmd_a_i[tcc_pkg::WPTR_W-1:0]) << tcc_pkg::ARG_WPTR_LSB) |
                    (tcc_pkg::ARG_W'(cmd_b_i[15:0]) << tcc_pkg::ARG_STRIDE_LSB);
  assign row_arg  = (tcc_pkg::ARG_W'(row[ROW_W-1:0]) << tcc_pkg::ARG_ROW_LSB) |
                    (tcc_pkg::ARG_W'(cmd_b_i[15:0]) << tcc_pkg::ARG_COUNT_LSB) |
                    (tcc_pkg::ARG_W'(cmd_flags_i) << tcc_pkg::ARG_FLAGS_LSB);

  assign t_op_o  = cmd_op_i[tcc_pkg::OP_W-1:0];
  assign t_arg_o = (cmd_op_i == tcc_core_pkg::CMD_WPTR) ? wptr_arg : row_arg;

  assign ni_op_o     = cmd_op_i[1:0];
  assign ni_len_o    = cmd_b_i[tcc_noc_pkg::LENGTH_W-1:0];
  assign ni_peer_x_o = cmd_b_i[16 +: COORD_W];
  assign ni_peer_y_o = cmd_b_i[22 +: COORD_W];
  assign ni_ch_o     = cmd_flags_i[tcc_noc_pkg::CHANNEL_W-1:0];
  assign ni_addr_o   = word[WORD_AW-1:0];

  `ASSERT(OneUnit, !(t_valid_o && ni_valid_o))
  `ASSERT(CountsReceives, !recv_busy_i || (receives_q != '0))
  `ASSERT(CountsNoneTwice, !recv_done_i || (receives_q != '0))

endmodule
