// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_router: five-port wormhole router of the mesh (dimension-ordered XY routing).
//
//   in[p] --> tcc_fifo --> route (head flit) --> lock or round robin, mux --> register --> out[p]
//
// Protocol    valid/ready per port, flits and packets as in tcc_noc_pkg. Port p is slice p of every
//             vector: North 0, East 1, South 2, West 3, Local 4. x grows to the East, y to the
//             South. in_ready_o, out_valid_o and out_flit_o come from flops only: no path crosses a
//             tile combinationally.
// Latency     1 cycle a hop (in[p] at an edge, out register after that edge) when nothing contends.
// Throughput  one flit a cycle and output; rtl/README.md: uniform random traffic on 8x8.
// Fairness    an output serves the waiting inputs in turn, whole packets: at most 4 packets pass
//             before a given one.
// Deadlock    legal_turn() legs only, so the channel dependency graph is acyclic; a Local output
//             must always drain (tcc_ni does, its header says why).
// Assumes     a packet is 1 head flit, n >= 0 body flits, the last one (maybe the head) flagged
//             tail; destinations lie inside the mesh. Ports at the edge of the mesh:
//             in_valid_i = 0, out_ready_i = 1.
//
// Paper parameters   DFLIT_WIDTH -> DflitWidth. FifoDepth (2..4 is sensible; a tile has 4) is ours.

`include "tcc_assert.svh"

module tcc_router #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned FifoDepth = 4
) (
  input logic clk_i,
  input logic rst_ni,

  // Position of this router, constant while out of reset.
  input logic [tcc_noc_pkg::COORD_W-1:0] x_i,
  input logic [tcc_noc_pkg::COORD_W-1:0] y_i,

  input  logic [tcc_noc_pkg::NUM_PORTS*(DflitWidth+2)-1:0] in_flit_i,
  input  logic [               tcc_noc_pkg::NUM_PORTS-1:0] in_valid_i,
  output logic [               tcc_noc_pkg::NUM_PORTS-1:0] in_ready_o,

  output logic [tcc_noc_pkg::NUM_PORTS*(DflitWidth+2)-1:0] out_flit_o,
  output logic [               tcc_noc_pkg::NUM_PORTS-1:0] out_valid_o,
  input  logic [               tcc_noc_pkg::NUM_PORTS-1:0] out_ready_i
);

  localparam int unsigned N = tcc_noc_pkg::NUM_PORTS;
  localparam int unsigned FLIT_W = DflitWidth + 2;
  localparam int unsigned HEAD_BIT = DflitWidth + 1;
  localparam int unsigned TAIL_BIT = DflitWidth;

  if (DflitWidth < 64 || DflitWidth > 8192 || DflitWidth % 64 != 0) begin : gen_bad_width
    $error("DflitWidth must be a multiple of 64 from 64 to 8192");
  end

  logic [N*FLIT_W-1:0] flit;  // front flit of each input
  logic [N-1:0] valid, head, tail, pop;
  logic [N*N-1:0] route;  // [N*in + out]: the front head flit of `in` goes to `out`
  logic [N*N-1:0] take;  // [N*in + out]: the front flit of `in` moves into register `out`

  // For the assertions only.
  logic [N*N-1:0] illegal_turn;
  logic [N-1:0] taken_twice, orphan, bad_grant, bad_owner, bad_lock;
  logic [N*N-1:0] owned;  // [N*in + out]: `out` is locked for the packet of `in`

  function automatic logic one_hot0(input logic [N-1:0] value);
    one_hot0 = (value & (value - N'(1))) == '0;
  endfunction

  // Inputs: buffer and route.
  for (genvar i = 0; i < N; i++) begin : gen_input
    tcc_fifo #(
      .Width(FLIT_W),
      .Depth(FifoDepth)
    ) u_fifo (
      .clk_i,
      .rst_ni,
      .in_data_i  (in_flit_i[FLIT_W*i+:FLIT_W]),
      .in_valid_i (in_valid_i[i]),
      .in_ready_o (in_ready_o[i]),
      .out_data_o (flit[FLIT_W*i+:FLIT_W]),
      .out_valid_o(valid[i]),
      .out_ready_i(pop[i])
    );

    assign head[i] = flit[FLIT_W*i+HEAD_BIT];
    assign tail[i] = flit[FLIT_W*i+TAIL_BIT];
    assign pop[i] = |take[N*i+:N];
    assign route[N*i+:N] = tcc_noc_pkg::route_xy(
        x_i,
        y_i,
        tcc_noc_pkg::hdr_dst_x(flit[FLIT_W*i+:tcc_noc_pkg::HDR_W]),
        tcc_noc_pkg::hdr_dst_y(flit[FLIT_W*i+:tcc_noc_pkg::HDR_W])
    );

    assign taken_twice[i] = !one_hot0(take[N*i+:N]);
    assign orphan[i] = valid[i] && !head[i] && (owned[N*i+:N] == '0);
  end

  // Outputs: arbitrate, lock for the length of a packet, register.
  for (genvar o = 0; o < N; o++) begin : gen_output
    logic [N-1:0] request, grant, winner, owner_q, turn_q;
    logic [2*N-1:0] rotated;
    logic locked_q, space, load, load_tail, out_valid_q;
    logic [FLIT_W-1:0] selected, out_flit_q;

    for (genvar i = 0; i < N; i++) begin : gen_leg
      if (tcc_noc_pkg::legal_turn(i, o)) begin : gen_legal
        assign request[i] = valid[i] && head[i] && route[N*i+o];
        assign take[N*i+o] = load && winner[i];
        assign illegal_turn[N*i+o] = 1'b0;
        assign owned[N*i+o] = locked_q && owner_q[i];
      end else begin : gen_illegal
        assign request[i] = 1'b0;
        assign take[N*i+o] = 1'b0;
        assign illegal_turn[N*i+o] = valid[i] && head[i] && route[N*i+o];
        assign owned[N*i+o] = 1'b0;
      end
    end

    // Round robin: the lowest request at or above the one-hot turn_q, cyclically.
    assign rotated = {request, request} & ~({request, request} - {N'(0), turn_q});
    assign grant = rotated[N-1:0] | rotated[2*N-1:N];

    assign winner = locked_q ? owner_q : grant;
    assign space = !out_valid_q || out_ready_i[o];
    assign load = space && |(winner & valid);
    assign load_tail = load && |(winner & tail);

    // One leg for each legal turn; Local may go everywhere, so it is the default.
    always_comb begin
      selected = flit[FLIT_W*tcc_noc_pkg::PORT_LOCAL+:FLIT_W];
      for (int unsigned i = 0; i < tcc_noc_pkg::PORT_LOCAL; i++) begin
        if (tcc_noc_pkg::legal_turn(i, o) && winner[i]) selected = flit[FLIT_W*i+:FLIT_W];
      end
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        out_valid_q <= 1'b0;
        locked_q <= 1'b0;
        owner_q <= '0;
        turn_q <= N'(1);
      end else begin
        if (space) out_valid_q <= load;
        if (load) begin
          locked_q <= !load_tail;
          owner_q <= winner;
        end
        // The port after the one just served is the next to be looked at first.
        if (load_tail) turn_q <= {winner[N-2:0], winner[N-1]};
      end
    end

    always_ff @(posedge clk_i) begin
      if (load) out_flit_q <= selected;
    end

    assign out_valid_o[o] = out_valid_q;
    assign out_flit_o[FLIT_W*o+:FLIT_W] = out_flit_q;

    assign bad_grant[o] = !one_hot0(grant) || (grant & ~request) != '0;
    assign bad_owner[o] = locked_q && (!one_hot0(owner_q) || owner_q == '0);
    assign bad_lock[o] = load && (locked_q == |(winner & head));
  end

  // Named once for all ports: Yosys 0.23 does not tell assertions of one generate loop apart.
  `ASSERT(ANoIllegalTurn, illegal_turn == '0)
  `ASSERT(ATakenOnce, taken_twice == '0)
  `ASSERT(AGrantOneRequest, bad_grant == '0)
  `ASSERT(AOneOwner, bad_owner == '0)
  // The rest of a packet never waits for anything but space: its output is kept for it.
  `ASSERT(ABodyHasOutput, orphan == '0)
  // Inside a packet only body flits follow, outside only a head may move.
  `ASSERT(ALockIntegrity, bad_lock == '0)

endmodule
