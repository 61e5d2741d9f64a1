// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// formal_mesh: an abstract mesh of routers, for an unbounded proof that it cannot deadlock
// (formal_mesh.sh). Of tcc_router it keeps the input buffers, XY routing, the legs of legal_turn
// and the lock of an output for a packet; a flit is {head, tail, destination}. The arbiter picks
// any request, and there is no output register (one more place in the buffer ahead).
//
// Environment  any tile sends packets of any length (without end, too) to any tile at any time; one
//              that it has begun it goes on with whenever its buffer has room. Local outputs always
//              drain.
// Proved       AProgress  while a flit is buffered, some packet's flit moves in this very cycle.
//                         Heads that tiles inject do not count: they may stop for good at any time,
//                         so packets that stood still beside others that move would be found as well.
//              the others, which make it inductive: what a buffer and a lock say of each other, and
//              that every packet is on its XY route.
// Planted      Bug 1: packets to tiles of odd parity go along y first. Bug 2: a lock is kept after
//              the tail. Bug 3: a tile may pause within a packet. Bug 4: an output takes the flits
//              of a second packet between those of the first.

module formal_mesh #(
  parameter int unsigned Cols = 2,
  parameter int unsigned Rows = 2,
  parameter int unsigned Depth = 1,
  parameter int unsigned Bug = 0
) (
  input logic clk_i,
  input logic [Cols*Rows-1:0] inject_i,
  input logic [Cols*Rows-1:0] tail_i,
  input logic [4*Cols*Rows-1:0] dst_i,  // {y, x}
  input logic [25*Cols*Rows-1:0] pick_i  // [25*tile + 5*out + in]
);

  localparam int unsigned N = Cols * Rows;
  localparam int unsigned NORTH = 0;
  localparam int unsigned EAST = 1;
  localparam int unsigned SOUTH = 2;
  localparam int unsigned WEST = 3;
  localparam int unsigned LOCAL = 4;

  logic rst_n_q = 1'b0;
  always_ff @(posedge clk_i) rst_n_q <= 1'b1;

  // Outputs, one-hot, by which a packet to `dst` leaves tile (x, y).
  function automatic logic [4:0] route(input logic [1:0] x, input logic [1:0] y,
                                       input logic [3:0] dst);
    logic [4:0] along_x, along_y;
    along_x = (dst[1:0] > x) ? 5'b00010 : (dst[1:0] < x) ? 5'b01000 : 5'b00000;
    along_y = (dst[3:2] > y) ? 5'b00100 : (dst[3:2] < y) ? 5'b00001 : 5'b00000;
    if (Bug == 1 && (dst[0] ^ dst[2])) begin
      route = (along_y != '0) ? along_y : (along_x != '0) ? along_x : 5'b10000;
    end else begin
      route = (along_x != '0) ? along_x : (along_y != '0) ? along_y : 5'b10000;
    end
  endfunction

  function automatic logic legal(input int unsigned from, input int unsigned to);
    if (Bug == 1) legal = (from == LOCAL) || (to != from);
    else legal = (tcc_noc_pkg::legal_turn(from, to));
  endfunction

  // Buffers, [5*tile + port]: front and, at Depth 2, second flit.
  logic [5*N-1:0] v0_q, h0_q, t0_q, v1_q, h1_q, t1_q;
  logic [20*N-1:0] d0_q, d1_q;
  logic [5*N-1:0] push, pop, room, in_head, in_tail;
  logic [20*N-1:0] in_dst;

  // Outputs, [5*tile + port], and their owners, [25*tile + 5*out + in].
  logic [5*N-1:0] locked_q, move, move_tail, move_head;
  logic [20*N-1:0] move_dst;
  logic [25*N-1:0] owner_q, winner, take;

  // For assertions.
  logic [5*N-1:0] stray, misrouted, two_outputs, lock_lost, orphan, mixed, upstream;
  logic [N-1:0] open_q;  // a tile is within a packet

  for (genvar n = 0; n < N; n++) begin : gen_tile
    localparam int unsigned X = n % Cols;
    localparam int unsigned Y = n / Cols;

    assign push[5*n+LOCAL] = inject_i[n] && room[5*n+LOCAL] && rst_n_q;
    assign in_head[5*n+LOCAL] = !open_q[n];
    assign in_tail[5*n+LOCAL] = tail_i[n];
    assign in_dst[4*(5*n+LOCAL)+:4] = dst_i[4*n+:4];
    assign upstream[5*n+LOCAL] = open_q[n];
    always_ff @(posedge clk_i) begin
      if (!rst_n_q) open_q[n] <= 1'b0;
      else if (push[5*n+LOCAL]) open_q[n] <= !tail_i[n];
    end

    // Links: what comes in at `p` is what the neighbour there sends by the opposite port.
    for (genvar p = 0; p < 4; p++) begin : gen_link
      localparam bit EXISTS = (p == NORTH) ? Y > 0 : (p == SOUTH) ? Y + 1 < Rows :
          (p == EAST) ? X + 1 < Cols : X > 0;
      localparam int unsigned THERE = (p == NORTH) ? n - Cols : (p == SOUTH) ? n + Cols :
          (p == EAST) ? n + 1 : n - 1;
      localparam int unsigned FROM = EXISTS ? 5 * THERE + (p + 2) % 4 : 0;
      assign push[5*n+p] = EXISTS && move[FROM];
      assign in_head[5*n+p] = EXISTS && move_head[FROM];
      assign in_tail[5*n+p] = EXISTS && move_tail[FROM];
      assign in_dst[4*(5*n+p)+:4] = move_dst[4*FROM+:4];
      assign upstream[5*n+p] = EXISTS && locked_q[FROM];
    end

    for (genvar p = 0; p < 5; p++) begin : gen_port
      localparam int unsigned Q = 5 * n + p;

      // The buffer.
      assign room[Q] = (Depth == 1) ? !v0_q[Q] : !v1_q[Q];
      always_ff @(posedge clk_i) begin
        if (!rst_n_q) begin
          v0_q[Q] <= 1'b0;
          v1_q[Q] <= 1'b0;
        end else begin
          v0_q[Q] <= push[Q] || v1_q[Q] || (v0_q[Q] && !pop[Q]);
          v1_q[Q] <= (Depth > 1) && ((v1_q[Q] && !pop[Q]) || (push[Q] && v0_q[Q] && !pop[Q]));
        end
        if (pop[Q] && v1_q[Q]) begin
          h0_q[Q] <= h1_q[Q];
          t0_q[Q] <= t1_q[Q];
          d0_q[4*Q+:4] <= d1_q[4*Q+:4];
        end else if (push[Q] && (!v0_q[Q] || pop[Q])) begin
          h0_q[Q] <= in_head[Q];
          t0_q[Q] <= in_tail[Q];
          d0_q[4*Q+:4] <= in_dst[4*Q+:4];
        end
        if (push[Q]) begin
          h1_q[Q] <= in_head[Q];
          t1_q[Q] <= in_tail[Q];
          d1_q[4*Q+:4] <= in_dst[4*Q+:4];
        end
      end

      // The output of the same port.
      logic [4:0] request, picked, present, heads, tails;
      logic space;
      for (genvar i = 0; i < 5; i++) begin : gen_leg
        logic [4:0] to;
        assign to = route(2'(X), 2'(Y), d0_q[4*(5*n+i)+:4]);
        assign request[i] = v0_q[5*n+i] && h0_q[5*n+i] && to[p] && legal(i, p);
        assign take[25*n+5*p+i] = move[Q] && winner[25*n+5*p+i];
      end
      assign present = v0_q[5*n+:5];
      assign heads = h0_q[5*n+:5];
      assign tails = t0_q[5*n+:5];
      assign picked = ((pick_i[25*n+5*p+:5] & request) != '0) ?
          (pick_i[25*n+5*p+:5] & request) : request;
      assign winner[25*n+5*p+:5] = (locked_q[Q] && !(Bug == 4 && request != '0)) ?
          owner_q[25*n+5*p+:5] : (picked & (~picked + 5'd1));
      assign move[Q] = space && (winner[25*n+5*p+:5] & present) != '0;
      assign move_head[Q] = (winner[25*n+5*p+:5] & heads) != '0;
      assign move_tail[Q] = (winner[25*n+5*p+:5] & tails) != '0;
      always_comb begin
        move_dst[4*Q+:4] = '0;
        for (int i = 0; i < 5; i++) begin
          if (winner[25*n+5*p+i]) move_dst[4*Q+:4] |= d0_q[4*(5*n+i)+:4];
        end
      end
      always_ff @(posedge clk_i) begin
        if (!rst_n_q) locked_q[Q] <= 1'b0;
        else if (move[Q]) locked_q[Q] <= (Bug == 2) || !move_tail[Q];
        if (!rst_n_q) owner_q[25*n+5*p+:5] <= '0;
        else if (move[Q]) owner_q[25*n+5*p+:5] <= winner[25*n+5*p+:5];
      end

      if (p == LOCAL) begin : gen_eject
        assign space = 1'b1;
      end else begin : gen_ahead
        localparam bit EXISTS = (p == NORTH) ? Y > 0 : (p == SOUTH) ? Y + 1 < Rows :
            (p == EAST) ? X + 1 < Cols : X > 0;
        localparam int unsigned THERE = (p == NORTH) ? n - Cols : (p == SOUTH) ? n + Cols :
            (p == EAST) ? n + 1 : n - 1;
        localparam int unsigned INTO = EXISTS ? 5 * THERE + (p + 2) % 4 : 0;
        assign space = EXISTS && room[INTO];
      end

      // What the input at port p and the outputs' locks say of each other.
      logic [4:0] mine, mine_taken, legs;  // outputs that this input has; that it moves into
      logic last_open;
      for (genvar o = 0; o < 5; o++) begin : gen_mine
        assign mine[o] = locked_q[5*n+o] && owner_q[25*n+5*o+p];
        assign mine_taken[o] = take[25*n+5*o+p];
        assign legs[o] = legal(p, o);
      end
      assign pop[Q] = mine_taken != '0;
      assign last_open = v1_q[Q] ? !t1_q[Q] : v0_q[Q] ? !t0_q[Q] : mine != '0;
      assign orphan[Q] = v0_q[Q] && (h0_q[Q] == (mine != '0));
      assign two_outputs[Q] = (mine & (mine - 5'd1)) != '0 || (mine & ~legs) != '0;
      assign mixed[Q] = (v1_q[Q] && (!v0_q[Q] || h1_q[Q] != t0_q[Q]));
      assign lock_lost[Q] = last_open != upstream[Q];
      assign stray[Q] = locked_q[Q] && (owner_q[25*n+5*p+:5] == '0 ||
          (owner_q[25*n+5*p+:5] & (owner_q[25*n+5*p+:5] - 5'd1)) != '0);
      // On the XY route: between the tile where the packet entered this row or column and its own.
      logic [4:0] to0, to1;
      assign to0 = route(2'(X), 2'(Y), d0_q[4*Q+:4]);
      assign to1 = route(2'(X), 2'(Y), d1_q[4*Q+:4]);
      assign misrouted[Q] = (v0_q[Q] && h0_q[Q] && (to0 & legs) == '0) ||
          (v1_q[Q] && h1_q[Q] && (to1 & legs) == '0) || (!upstream_exists(X, Y, p) && v0_q[Q]) ||
          (v0_q[Q] && h0_q[Q] && outside(d0_q[4*Q+:4])) ||
          (v1_q[Q] && h1_q[Q] && outside(d1_q[4*Q+:4]));
    end
  end

  function automatic logic outside(input logic [3:0] dst);
    outside = 32'(dst[1:0]) >= Cols || 32'(dst[3:2]) >= Rows;
  endfunction

  function automatic logic upstream_exists(input int unsigned x, input int unsigned y,
                                           input int unsigned p);
    upstream_exists = (p == NORTH) ? y > 0 : (p == SOUTH) ? y + 1 < Rows :
        (p == EAST) ? x + 1 < Cols : (p == WEST) ? x > 0 : 1'b1;
  endfunction

  // Environment.
  logic [N-1:0] bad_dst, pauses, goes_on;
  for (genvar n = 0; n < N; n++) begin : gen_source
    assign bad_dst[n] = outside(dst_i[4*n+:4]);
    assign pauses[n] = open_q[n] && room[5*n+LOCAL] && !inject_i[n];
    assign goes_on[n] = open_q[n] && push[5*n+LOCAL];
  end
  always_comb begin
    assume (bad_dst == '0);
    assume (Bug == 3 || pauses == '0);
  end

  always_ff @(posedge clk_i) begin
    if (rst_n_q) begin
      AProgress: assert (v0_q == '0 || move != '0 || goes_on != '0);
      AOneOwner: assert (stray == '0);
      AOneOutput: assert (two_outputs == '0);
      ABodyHasOutput: assert (orphan == '0);
      APacketsWhole: assert (mixed == '0);
      AChain: assert (lock_lost == '0);
      ARoute: assert (misrouted == '0);
    end
  end

endmodule
