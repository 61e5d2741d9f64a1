// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni: network interface of a tile; moves messages between the data memory and the router's
// Local port.
//
// Protocol    cmd valid/ready, non-blocking: accepted means queued. cmd_op_i (tcc_noc_pkg): NI_SEND
//             to the peer, NI_RECV from the peer, NI_RADD (memory[i] = memory[i] + word, binary32,
//             nearest even) from the peer. Lengths and addresses count 32-bit words, any alignment;
//             length 0 is a pure synchronisation. cmd_ready_o depends on cmd_op_i: send and receive
//             engines run side by side, each takes its commands in order and queues them: two
//             sends, three receives. What a SEND sends and a RADD adds to lies in memory when the
//             command is accepted. Op 3 is accepted, ignored and sets err_o.
//             *_busy_o is high from the cycle after accept until the buffers of all commands of the
//             engine may be reused (send) or read (receive). recv_done_o is high for one cycle a
//             receive, in order, from which on it may be read.
//             Memory: rows of Vlen bits with byte enables (dm_we_o = 0 reads). A request counts in
//             a cycle with dm_gnt_i, else it is made again, or another in its place; read data
//             comes in the next cycle.
// Rendezvous  RECV and RADD send a one-flit grant to their source; a SEND starts when the grant of
//             its destination is in. A receive's grant is sent when the head of every packet that
//             the tile granted before has come, or of all but one that is from the same source. So
//             the unused grants of a tile are at most two, of one source, and two bits a tile of
//             the mesh keep them.
// Deadlock    (1) a data packet exists only for a receive that is accepted, and packets leave the
//             Local output in the order of the queue: those of one source are sent in the order of
//             its grants and keep it, on one path; those of another are granted only when the
//             earlier packets' heads are out, which hold that output to their tails. (2) hence a
//             flit at the Local output waits for row buffers only, which are taken, filled and
//             written in that same order, so for memory only; (3) grants are taken at once in any
//             state; so ejection always drains; (4) the router's channel graph is acyclic, so every
//             flit gets to ejection; (5) a packet once started waits for memory and the router
//             only: its rows come before those read ahead for the next. So every started transfer
//             ends, and a program can only hang if it hangs under rendezvous message passing
//             without buffers (a queue only starts a receive earlier), which a compiler can check
//             by replaying programs.
// Latency     from the command's cycle: RECV's grant packet valid after 2 cycles, a granted SEND's
//             head flit after 2 (DflitWidth 64). One word over one hop, both commands at once: 12.
// Throughput  SEND, RECV and RADD each one flit a cycle, or what a row a cycle holds where a flit
//             is wider than a row, as far as the memory port goes round: a row takes one access to
//             send, one to receive, two to add. Engines take turns. Messages follow each other
//             without a gap while the first is longer than the round trip of a grant.
// Adders      a flit or a row of words, whichever is less, rounded up to a power of two.
// Assumes     peers lie inside MeshCols x MeshRows; x_i, y_i constant. lo_ready_i comes from flops
//             (as in tcc_router).
//
// Paper parameters   DFLIT_WIDTH -> DflitWidth (any multiple of 64, 64..8192); VLEN -> Vlen (128,
//                    256, 512, 1024, 2048); DMEM -> DmemAw (log2 of the words)

`include "tcc_assert.svh"

module tcc_ni #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned Vlen = 128,
  parameter int unsigned DmemAw = 12,
  parameter int unsigned MeshCols = 8,
  parameter int unsigned MeshRows = 8,
  localparam int unsigned ROW_AW = DmemAw - $clog2(Vlen / 32)
) (
  input logic clk_i,
  input logic rst_ni,

  input logic [tcc_noc_pkg::COORD_W-1:0] x_i,
  input logic [tcc_noc_pkg::COORD_W-1:0] y_i,

  // Command
  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  input  logic [                       1:0] cmd_op_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_peer_x_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_peer_y_i,
  input  logic [tcc_noc_pkg::CHANNEL_W-1:0] cmd_ch_i,
  input  logic [                DmemAw-1:0] cmd_addr_i,
  input  logic [ tcc_noc_pkg::LENGTH_W-1:0] cmd_len_i,

  // Status
  output logic busy_o,
  output logic send_busy_o,
  output logic recv_busy_o,
  output logic recv_done_o,  // one cycle a receive
  output logic err_o,  // sticky: an arriving packet does not match its receive, or a reserved op

  // Data memory
  output logic              dm_req_o,
  input  logic              dm_gnt_i,
  output logic [Vlen/8-1:0] dm_we_o,
  output logic [ROW_AW-1:0] dm_addr_o,
  output logic [  Vlen-1:0] dm_wdata_o,
  input  logic [  Vlen-1:0] dm_rdata_i,

  // Router: lo to its Local input, li from its Local output
  output logic [DflitWidth+1:0] lo_flit_o,
  output logic                  lo_valid_o,
  input  logic                  lo_ready_i,
  input  logic [DflitWidth+1:0] li_flit_i,
  input  logic                  li_valid_i,
  output logic                  li_ready_o
);

  localparam int unsigned TILES = MeshCols * MeshRows;
  localparam int unsigned INDEX_W = (TILES > 1) ? $clog2(TILES) : 1;
  localparam int unsigned COORD_W = tcc_noc_pkg::COORD_W;

  if (DflitWidth < 64 || DflitWidth > 8192 || DflitWidth % 64 != 0) begin : gen_bad_width
    $error("DflitWidth must be a multiple of 64 from 64 to 8192");
  end
  if (Vlen < 128 || Vlen > 2048 || (Vlen & (Vlen - 1)) != 0) begin : gen_bad_vlen
    $error("Vlen must be 128, 256, 512, 1024 or 2048");
  end
  if (MeshCols < 1 || MeshCols > 64 || MeshRows < 1 || MeshRows > 64) begin : gen_bad_mesh
    $error("MeshCols and MeshRows must lie in 1..64");
  end

  function automatic logic [INDEX_W-1:0] tile_index(input logic [COORD_W-1:0] x,
                                                    input logic [COORD_W-1:0] y);
    tile_index = INDEX_W'(32'(y) * MeshCols + 32'(x));
  endfunction

  // Command steering
  logic is_send, is_add, is_recv, is_reserved, send_ready, recv_ready, recv_err, reserved_q;
  assign is_send = (cmd_op_i == tcc_noc_pkg::NI_SEND);
  assign is_add = (cmd_op_i == tcc_noc_pkg::NI_RADD);
  assign is_recv = (cmd_op_i == tcc_noc_pkg::NI_RECV) || is_add;
  assign is_reserved = !is_send && !is_recv;
  assign cmd_ready_o = is_reserved || (is_send ? send_ready : recv_ready);
  assign busy_o = send_busy_o || recv_busy_o;
  assign err_o = recv_err || reserved_q;

  // Grants: none, one or two a tile.
  logic [TILES-1:0] granted_q, twice_q;
  logic [INDEX_W-1:0] dst, src;
  logic granted, use_grant, grant_set, grant_kept, grant_req, grant_ack;
  logic [COORD_W-1:0] dst_x, dst_y, src_x, src_y, grant_x, grant_y;
  logic [tcc_noc_pkg::CHANNEL_W-1:0] grant_ch;
  assign dst = tile_index(dst_x, dst_y);
  assign src = tile_index(src_x, src_y);
  assign granted = granted_q[dst];
  assign grant_kept = use_grant && grant_set && dst == src;  // one comes as one goes

  // The memory port: round robin between the engines.
  logic send_req, send_gnt, recv_req, recv_gnt, recv_sel, recv_turn_q;
  logic [ROW_AW-1:0] send_addr, recv_addr;
  logic [Vlen/32-1:0] recv_we;
  assign recv_sel = recv_req && (recv_turn_q || !send_req);
  assign recv_gnt = recv_sel && dm_gnt_i;
  assign send_gnt = send_req && !recv_sel && dm_gnt_i;
  assign dm_req_o = send_req || recv_req;
  assign dm_addr_o = recv_sel ? recv_addr : send_addr;
  for (genvar w = 0; w < Vlen / 32; w++) begin : gen_we
    assign dm_we_o[4*w+:4] = {4{recv_sel && recv_we[w]}};
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      granted_q <= '0;
      twice_q <= '0;
      recv_turn_q <= 1'b1;
      reserved_q <= 1'b0;
    end else begin
      if (use_grant && !grant_kept) begin
        granted_q[dst] <= twice_q[dst];
        twice_q[dst] <= 1'b0;
      end
      if (grant_set && !grant_kept) begin
        granted_q[src] <= 1'b1;
        twice_q[src] <= granted_q[src];
      end
      if (dm_req_o && dm_gnt_i) recv_turn_q <= send_gnt;
      if (cmd_valid_i && is_reserved) reserved_q <= 1'b1;
    end
  end

  tcc_ni_send #(
    .DflitWidth(DflitWidth),
    .Vlen      (Vlen),
    .DmemAw    (DmemAw)
  ) u_send (
    .clk_i,
    .rst_ni,
    .x_i,
    .y_i,
    .cmd_valid_i  (cmd_valid_i && is_send),
    .cmd_ready_o  (send_ready),
    .cmd_dst_x_i  (cmd_peer_x_i),
    .cmd_dst_y_i  (cmd_peer_y_i),
    .cmd_ch_i,
    .cmd_addr_i,
    .cmd_len_i,
    .busy_o       (send_busy_o),
    .dst_x_o      (dst_x),
    .dst_y_o      (dst_y),
    .granted_i    (granted),
    .use_grant_o  (use_grant),
    .grant_req_i  (grant_req),
    .grant_ack_o  (grant_ack),
    .grant_dst_x_i(grant_x),
    .grant_dst_y_i(grant_y),
    .grant_ch_i   (grant_ch),
    .rd_req_o     (send_req),
    .rd_gnt_i     (send_gnt),
    .rd_addr_o    (send_addr),
    .rd_data_i    (dm_rdata_i),
    .flit_o       (lo_flit_o),
    .valid_o      (lo_valid_o),
    .ready_i      (lo_ready_i)
  );

  tcc_ni_recv #(
    .DflitWidth(DflitWidth),
    .Vlen      (Vlen),
    .DmemAw    (DmemAw)
  ) u_recv (
    .clk_i,
    .rst_ni,
    .cmd_valid_i  (cmd_valid_i && is_recv),
    .cmd_ready_o  (recv_ready),
    .cmd_add_i    (is_add),
    .cmd_src_x_i  (cmd_peer_x_i),
    .cmd_src_y_i  (cmd_peer_y_i),
    .cmd_ch_i,
    .cmd_addr_i,
    .cmd_len_i,
    .busy_o       (recv_busy_o),
    .done_o       (recv_done_o),
    .err_o        (recv_err),
    .grant_req_o  (grant_req),
    .grant_ack_i  (grant_ack),
    .grant_dst_x_o(grant_x),
    .grant_dst_y_o(grant_y),
    .grant_ch_o   (grant_ch),
    .grant_set_o  (grant_set),
    .grant_src_x_o(src_x),
    .grant_src_y_o(src_y),
    .mem_req_o    (recv_req),
    .mem_gnt_i    (recv_gnt),
    .mem_we_o     (recv_we),
    .mem_addr_o   (recv_addr),
    .mem_wdata_o  (dm_wdata_o),
    .mem_rdata_i  (dm_rdata_i),
    .flit_i       (li_flit_i),
    .valid_i      (li_valid_i),
    .ready_o      (li_ready_o)
  );

  // A third would be lost.
  `ASSERT(AGrantsKept, !(grant_set && !grant_kept && twice_q[src]))
  `ASSERT(APeerInMesh,
          !cmd_valid_i || (32'(cmd_peer_x_i) < MeshCols && 32'(cmd_peer_y_i) < MeshRows))
  `ASSERT(AOnePortUser, !(send_gnt && recv_gnt))

endmodule
