// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Legality of one command.
//
// Purpose      Catches every command whose effect would leave the tile's memories, the mesh or the
//              accumulator's range, so that a wrong program stops with error_o instead of computing
//              something else.
// Protocol     Combinational: bad_o for cmd_i.
// Latency      0 cycles.
// Throughput   1 a cycle.
// Assumes      nothing. WMEM's end is checked by tcc_wmem, row by row.
// Parameters   VLEN -> Vlen; DMEM -> DmemKib; mesh width and height -> MeshCols, MeshRows.
module tcc_seq_check #(
  parameter int Vlen = 128,
  parameter int DmemKib = 16,
  parameter int MeshCols = 8,
  parameter int MeshRows = 8
) (
  input  logic [tcc_pkg::CMD_W-1:0] cmd_i,
  output logic                      bad_o
);

  localparam int LANES = Vlen / 16;
  localparam int ROWS = DmemKib * (8192 / Vlen);
  localparam int WORDS = DmemKib * 256;
  localparam int ROW_W = tcc_pkg::ROW_W;
  localparam int END_W = ROW_W + 1;                     // a sum of two row numbers
  localparam int WORD_END_W = tcc_pkg::WORD_W + 1;
  localparam int COORD_W = tcc_noc_pkg::COORD_W;

  logic [tcc_pkg::OP_W-1:0]  op;
  logic [tcc_pkg::ARG_W-1:0] arg;
  assign {op, arg} = cmd_i;

  // Rows.
  logic [ROW_W-1:0] count;
  logic [END_W-1:0] row, dst, x_rows, limit;

  assign row    = END_W'(arg[tcc_pkg::ARG_ROW_LSB +: ROW_W]);
  assign dst    = END_W'(arg[tcc_pkg::ARG_DST_LSB +: ROW_W]);
  assign count  = arg[tcc_pkg::ARG_COUNT_LSB +: ROW_W];
  assign x_rows = (END_W'(count) + END_W'(LANES - 1)) >> $clog2(LANES);
  assign limit  = END_W'(ROWS);

  // Words and peer.
  logic [WORD_END_W-1:0] word_end;
  logic                  bad_peer;

  assign word_end = WORD_END_W'(arg[tcc_pkg::ARG_WORD_LSB +: tcc_pkg::WORD_W]) +
                    WORD_END_W'(arg[tcc_pkg::ARG_LEN_LSB +: tcc_noc_pkg::LENGTH_W]);
  assign bad_peer = ({1'b0, arg[tcc_pkg::ARG_PEER_X_LSB +: COORD_W]} >= (COORD_W+1)'(MeshCols)) ||
                    ({1'b0, arg[tcc_pkg::ARG_PEER_Y_LSB +: COORD_W]} >= (COORD_W+1)'(MeshRows));

  always_comb begin
    bad_o = 1'b0;
    case (op)
      tcc_pkg::OP_HALT: bad_o = arg[tcc_pkg::HALT_CODE_W-1:0] != '0;
      tcc_pkg::OP_GEMV: bad_o = (count == '0) || (count > ROW_W'(tcc_pkg::MAX_ROWS)) ||
                                (row + x_rows > limit);
      tcc_pkg::OP_ADDF: bad_o = row + END_W'(2) > limit;
      tcc_pkg::OP_RD:   bad_o = row + (arg[tcc_pkg::ARG_FP32] ? END_W'(2) : END_W'(1)) > limit;
      tcc_pkg::OP_MOVE: bad_o = (count == '0) || (row + END_W'(count) > limit) ||
                                (dst + END_W'(count) > limit);
      tcc_pkg::OP_SEND, tcc_pkg::OP_RECV, tcc_pkg::OP_RADD:
                        bad_o = bad_peer || (word_end > WORD_END_W'(WORDS));
      tcc_pkg::OP_WPTR, tcc_pkg::OP_WAIT: bad_o = 1'b0;
      default:          bad_o = 1'b1;
    endcase
  end

endmodule
