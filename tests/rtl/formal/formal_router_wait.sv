// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// formal_router_wait: bounded waiting inside tcc_router, for an unbounded proof. The scripts put an
// instance of it into a copy of the router (Yosys 0.23 has no bind), so that it sees the router's
// own signals of the same names; the environment is formal_router.sv's.
//
// Proved   AWait      while a head flit waits at the front of an input, at most 4 packets of other
//                     inputs end on the output it wants. The input is a symbolic constant.
//          AWork      an output that has space takes a flit: the next of its packet if that is
//                     there, or when it has no packet, a head if one wants it.
//          AStays     a waiting head stays at the front, and wants the same output.
// Assumed  no illegal turn is wanted: the router's own ANoIllegalTurn, which formal_router proves.
// So if packets end and the output drains, every packet is granted: at most 4 go before it.

module formal_router_wait (
  input logic clk_i,
  input logic rst_ni,
  input logic [4:0] valid,
  input logic [4:0] head,
  input logic [4:0] tail,
  input logic [24:0] route,
  input logic [24:0] take,
  input logic [24:0] owned,
  input logic [24:0] illegal_turn,
  input logic [4:0] out_valid_o,
  input logic [4:0] out_ready_i
);

  (* anyconst *) logic [4:0] me;  // one-hot
  always_comb assume (me != '0 && (me & (me - 5'd1)) == '0);

  always_comb assume (illegal_turn == '0);

  // The symbolic input.
  logic [4:0] want, mine;  // output that its head wants; outputs into which it moves
  always_comb begin
    want = '0;
    mine = '0;
    for (int i = 0; i < 5; i++) begin
      if (me[i]) begin
        want |= route[5*i+:5] & {5{valid[i] && head[i]}};
        mine |= take[5*i+:5];
      end
    end
  end

  // Outputs: who wants, who has, who moves.
  logic [4:0] space, wanted, locked, owner_there, moves, ends;
  assign space = ~out_valid_o | out_ready_i;
  always_comb begin
    wanted = '0;
    locked = '0;
    owner_there = '0;
    moves = '0;
    ends = '0;
    for (int i = 0; i < 5; i++) begin
      wanted |= route[5*i+:5] & {5{valid[i] && head[i]}};
      locked |= owned[5*i+:5];
      owner_there |= owned[5*i+:5] & {5{valid[i]}};
      moves |= take[5*i+:5];
      ends |= take[5*i+:5] & {5{tail[i]}};
    end
  end

  logic [4:0] want_q;  // of a head that waited in the cycle before
  logic [2:0] passed_q, passed;
  logic waits, pass;
  assign waits = want != '0 && mine == '0;
  assign pass = waits && (ends & want) != '0;
  assign passed = passed_q + {2'b00, pass};

  always_ff @(posedge clk_i) begin
    want_q <= (rst_ni && waits) ? want : '0;
    passed_q <= (rst_ni && waits) ? passed : '0;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      AWait: assert (!(pass && passed_q >= 3'd4));
      AWork: assert ((space & ~moves & ((locked & owner_there) | (~locked & wanted))) == '0);
      AStays: assert (want_q == '0 || want == want_q);
    end
  end

endmodule
