// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Reservation stations of a core: instructions that were dispatched and are not done.
//
// Purpose      Keeps up to Stanum instructions in program order, catches their operands from the
//              result buses, and hands those to the units that can execute (tcc_pick).
// Protocol     A station is its instruction's tag. room_o stations are free; lane n of a
//              group takes station lane_tag_o[n]. alu_valid_o[n] is executed in the same cycle, its
//              result comes back on a bus; others are handed over by valid and ready. A station is
//              freed, in order, when its instruction is done: the cycle after its result was on a
//              bus, or the store or command was accepted, or this one (done_now). Vector
//              instructions go to their unit as many at once as v_room_i says.
// Latency      An operand that is on a bus in this cycle is seen in the next.
// Throughput   Xdpnum dispatched, alu_room_i executed, one memory access or command or Vdpnum
//              vector instructions, one product a cycle.
// Assumes      As many instructions are dispatched as there is room for. Memory accesses and
//              commands are accepted in order.
// Parameters   STANUM -> Stanum; XDPNUM -> Xdpnum; VDPNUM -> Vdpnum; XR_WP -> XrWp.
`include "tcc_assert.svh"

module tcc_window #(
  parameter int Stanum = 1,
  parameter int Xdpnum = 1,
  parameter int Vdpnum = 1,
  parameter int XrWp = 1,
  localparam int TAG_W = (Stanum > 1) ? $clog2(Stanum) : 1,
  localparam int ROOM_W = $clog2(Stanum + 1)
) (
  input  logic                                   clk_i,
  input  logic                                   rst_ni,
  input  logic                                   clear_i,

  // Dispatch
  output logic [ROOM_W-1:0]                      room_o,
  output logic [Xdpnum*TAG_W-1:0]                lane_tag_o,
  input  logic [Xdpnum-1:0]                      dispatch_i,
  input  logic [Xdpnum*tcc_core_pkg::KIND_W-1:0] kind_i,
  input  logic [Xdpnum*4-1:0]                    op_i,
  input  logic [Xdpnum*12-1:0]                   offset_i,   // of loads and stores; flags
  input  logic [2*Xdpnum-1:0]                    known_i,    // operands, as tcc_xrf has them
  input  logic [2*Xdpnum*TAG_W-1:0]              tag_i,
  input  logic [2*Xdpnum*32-1:0]                 value_i,

  // Result buses
  input  logic [XrWp-1:0]                        result_valid_i,
  input  logic [XrWp*TAG_W-1:0]                  result_tag_i,
  input  logic [XrWp*32-1:0]                     result_i,

  // Integer units: at most alu_room_i of them
  input  logic [5:0]                             alu_room_i,
  output logic [Xdpnum-1:0]                      alu_valid_o,
  output logic [Xdpnum*tcc_core_pkg::KIND_W-1:0] alu_kind_o,
  output logic [Xdpnum*4-1:0]                    alu_op_o,
  output logic [Xdpnum*TAG_W-1:0]                alu_tag_o,
  output logic [Xdpnum*32-1:0]                   alu_a_o,
  output logic [Xdpnum*32-1:0]                   alu_b_o,

  // Multiplier and divider
  output logic                                   md_valid_o,
  input  logic                                   md_ready_i,
  output logic [2:0]                             md_op_o,
  output logic [TAG_W-1:0]                       md_tag_o,
  output logic [31:0]                            md_a_o,
  output logic [31:0]                            md_b_o,

  // Memory accesses and commands, in order
  output logic                                   ls_valid_o,
  input  logic                                   ls_ready_i,
  output logic                                   ls_oldest_o,   // everything before it is done
  output logic                                   ls_store_o,
  output logic                                   ls_command_o,
  output logic [3:0]                             ls_op_o,
  output logic [TAG_W-1:0]                       ls_tag_o,
  output logic [31:0]                            ls_address_o,  // of a command: its first operand
  output logic [31:0]                            ls_data_o,
  output logic [11:0]                            ls_flags_o,

  // Vector instructions: at most v_room_i of them, oldest first
  input  logic [5:0]                             v_room_i,
  output logic [Vdpnum-1:0]                      v_valid_o,
  output logic [Vdpnum*TAG_W-1:0]                v_tag_o,
  output logic [Vdpnum*32-1:0]                   v_x_o,
  output logic [Vdpnum*32-1:0]                   v_word_o,

  // Operands of every station, for the retirement port
  output logic [Stanum*32-1:0]                   a_o,
  output logic [Stanum*32-1:0]                   b_o
);

  localparam int PLACE_W = TAG_W + 1;
  localparam logic [PLACE_W-1:0] STATIONS = PLACE_W'(Stanum);

  logic [tcc_core_pkg::KIND_W-1:0] kind_q [Stanum];
  logic [3:0]                      op_q [Stanum];
  logic [11:0]                     offset_q [Stanum];
  logic [TAG_W-1:0]                a_tag_q [Stanum];
  logic [TAG_W-1:0]                b_tag_q [Stanum];
  logic [31:0]                     a_q [Stanum];
  logic [31:0]                     b_q [Stanum];
  logic [Stanum-1:0]               a_known_q, b_known_q, started_q, done_q;
  logic [TAG_W-1:0]                head_q, tail_q;
  logic [ROOM_W-1:0]               count_q;

  assign room_o = ROOM_W'(Stanum) - count_q;

  // What can execute.
  logic [Stanum-1:0]        to_alu, to_muldiv, in_order, vector, operands;
  logic [Stanum-1:0]        muldiv_pick, order_pick, v_start, start;
  logic [Xdpnum*Stanum-1:0] alu_pick;
  logic [Vdpnum*Stanum-1:0] v_pick;

  for (genvar s = 0; s < Stanum; s++) begin : gen_class
    assign a_o[32*s +: 32] = a_q[s];
    assign b_o[32*s +: 32] = b_q[s];
    assign to_alu[s]    = kind_q[s] <= tcc_core_pkg::KIND_LOOP;
    assign to_muldiv[s] = kind_q[s] == tcc_core_pkg::KIND_MULDIV;
    assign in_order[s]  = (kind_q[s] == tcc_core_pkg::KIND_LOAD) ||
                          (kind_q[s] == tcc_core_pkg::KIND_STORE) ||
                          (kind_q[s] == tcc_core_pkg::KIND_COMMAND);
    assign vector[s]    = kind_q[s] == tcc_core_pkg::KIND_VECTOR;
  end
  assign operands = a_known_q & b_known_q;

  tcc_pick #(
    .Stanum (Stanum),
    .Xdpnum (Xdpnum),
    .Vdpnum (Vdpnum)
  ) u_pick (
    .head_i           (head_q),
    .count_i          (count_q),
    .waits_i          (~started_q),
    .operands_i       (operands),
    .to_alu_i         (to_alu),
    .to_muldiv_i      (to_muldiv),
    .in_order_i       (in_order),
    .vector_i         (vector),
    .alu_room_i       (alu_room_i),
    .v_room_i         (v_room_i),
    .alu_o            (alu_pick),
    .muldiv_o         (muldiv_pick),
    .in_order_o       (order_pick),
    .in_order_ready_o (ls_valid_o),
    .vector_o         (v_pick)
  );

  // What the units get of the stations that were picked.
  logic [Stanum-1:0] alu_start;
  logic [11:0]       offset;

  always_comb begin
    alu_valid_o = '0;
    alu_kind_o  = '0;
    alu_op_o    = '0;
    alu_tag_o   = '0;
    alu_a_o     = '0;
    alu_b_o     = '0;
    alu_start   = '0;
    for (int n = 0; n < Xdpnum; n++) begin
      for (int s = 0; s < Stanum; s++) begin
        if (alu_pick[n*Stanum + s]) begin
          alu_valid_o[n]              = 1'b1;
          alu_start[s]                = 1'b1;
          alu_op_o[n*4 +: 4]          = op_q[s];
          alu_tag_o[n*TAG_W +: TAG_W] = TAG_W'(s);
          alu_a_o[n*32 +: 32]         = a_q[s];
          alu_b_o[n*32 +: 32]         = b_q[s];
          alu_kind_o[n*tcc_core_pkg::KIND_W +: tcc_core_pkg::KIND_W] = kind_q[s];
        end
      end
    end
  end

  always_comb begin
    md_op_o      = '0;
    md_tag_o     = '0;
    md_a_o       = '0;
    md_b_o       = '0;
    ls_store_o   = 1'b0;
    ls_command_o = 1'b0;
    ls_op_o      = '0;
    ls_tag_o     = '0;
    ls_data_o    = '0;
    ls_address_o = '0;
    offset       = '0;
    for (int s = 0; s < Stanum; s++) begin
      if (muldiv_pick[s]) begin
        md_op_o  = op_q[s][2:0];
        md_tag_o = TAG_W'(s);
        md_a_o   = a_q[s];
        md_b_o   = b_q[s];
      end
      if (order_pick[s]) begin
        ls_store_o   = kind_q[s] == tcc_core_pkg::KIND_STORE;
        ls_command_o = kind_q[s] == tcc_core_pkg::KIND_COMMAND;
        ls_op_o      = op_q[s];
        ls_tag_o     = TAG_W'(s);
        ls_data_o    = b_q[s];
        ls_address_o = a_q[s];
        offset       = offset_q[s];
      end
    end
    if (!ls_command_o) ls_address_o = ls_address_o + {{20{offset[11]}}, offset};
  end

  assign md_valid_o = muldiv_pick != '0;
  assign ls_flags_o = offset;

  always_comb begin
    v_valid_o = '0;
    v_tag_o   = '0;
    v_x_o     = '0;
    v_word_o  = '0;
    v_start   = '0;
    for (int n = 0; n < Vdpnum; n++) begin
      for (int s = 0; s < Stanum; s++) begin
        if (v_pick[n*Stanum + s]) begin
          v_valid_o[n]              = 1'b1;
          v_start[s]                = 1'b1;
          v_tag_o[n*TAG_W +: TAG_W] = TAG_W'(s);
          v_x_o[n*32 +: 32]         = a_q[s];
          v_word_o[n*32 +: 32]      = b_q[s];
        end
      end
    end
  end

  assign start = alu_start | (muldiv_pick & {Stanum{md_ready_i}}) |
                 (order_pick & {Stanum{ls_valid_o && ls_ready_i}}) | v_start;

  assign ls_oldest_o = ls_tag_o == head_q;

  // Who is done by the end of this cycle, and how many of them are the oldest.
  logic [Stanum-1:0] done_now;
  logic [ROOM_W-1:0] freed;
  logic              oldest;
  logic [PLACE_W-1:0] place, next_head;
  logic [TAG_W-1:0]   at;

  always_comb begin
    done_now = done_q | v_start;
    for (int k = 0; k < XrWp; k++) begin
      if (result_valid_i[k]) done_now[result_tag_i[k*TAG_W +: TAG_W]] = 1'b1;
    end
    if (ls_valid_o && ls_ready_i && (ls_store_o || ls_command_o)) done_now[ls_tag_o] = 1'b1;
    freed  = '0;
    oldest = 1'b1;
    place  = '0;
    at     = '0;
    for (int k = 0; k < Stanum; k++) begin
      place  = {1'b0, head_q} + PLACE_W'(k);
      at     = (place < STATIONS) ? TAG_W'(place) : TAG_W'(place - STATIONS);
      oldest = oldest && (ROOM_W'(k) < count_q) && done_now[at];
      if (oldest) freed = freed + ROOM_W'(1);
    end
    next_head = {1'b0, head_q} + PLACE_W'(freed);
    if (next_head >= STATIONS) next_head = next_head - STATIONS;
  end

  // Where the lanes of the group go.
  logic [ROOM_W-1:0]  entered;
  logic [PLACE_W-1:0] lane_place, next_tail;

  always_comb begin
    entered    = '0;
    lane_place = '0;
    lane_tag_o = '0;
    for (int n = 0; n < Xdpnum; n++) begin
      lane_place = {1'b0, tail_q} + PLACE_W'(n);
      lane_tag_o[n*TAG_W +: TAG_W] = (lane_place < STATIONS) ? TAG_W'(lane_place)
                                                             : TAG_W'(lane_place - STATIONS);
      if (dispatch_i[n]) entered = entered + ROOM_W'(1);
    end
    next_tail = {1'b0, tail_q} + PLACE_W'(entered);
    if (next_tail >= STATIONS) next_tail = next_tail - STATIONS;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q  <= '0;
      tail_q  <= '0;
      count_q <= '0;
    end else if (clear_i) begin
      head_q  <= '0;
      tail_q  <= '0;
      count_q <= '0;
    end else begin
      head_q  <= TAG_W'(next_head);
      tail_q  <= TAG_W'(next_tail);
      count_q <= count_q + entered - freed;
    end
  end

  // Each station: what it catches from the buses, and the lane that enters it.
  for (genvar s = 0; s < Stanum; s++) begin : gen_station
    logic [tcc_core_pkg::KIND_W-1:0] kind_d;
    logic [3:0]                      op_d;
    logic [11:0]                     offset_d;
    logic [TAG_W-1:0]                a_tag_d, b_tag_d;
    logic [31:0]                     a_d, b_d;
    logic                            a_known_d, b_known_d, started_d, done_d;

    always_comb begin
      kind_d    = kind_q[s];
      op_d      = op_q[s];
      offset_d  = offset_q[s];
      a_tag_d   = a_tag_q[s];
      b_tag_d   = b_tag_q[s];
      a_d       = a_q[s];
      b_d       = b_q[s];
      a_known_d = a_known_q[s];
      b_known_d = b_known_q[s];
      started_d = started_q[s] || start[s];
      done_d    = done_now[s];
      for (int k = 0; k < XrWp; k++) begin
        if (result_valid_i[k] && !a_known_q[s] && (a_tag_q[s] == result_tag_i[k*TAG_W +: TAG_W]))
        begin
          a_known_d = 1'b1;
          a_d       = result_i[k*32 +: 32];
        end
        if (result_valid_i[k] && !b_known_q[s] && (b_tag_q[s] == result_tag_i[k*TAG_W +: TAG_W]))
        begin
          b_known_d = 1'b1;
          b_d       = result_i[k*32 +: 32];
        end
      end
      for (int n = 0; n < Xdpnum; n++) begin
        if (dispatch_i[n] && (lane_tag_o[n*TAG_W +: TAG_W] == TAG_W'(s))) begin
          kind_d    = kind_i[n*tcc_core_pkg::KIND_W +: tcc_core_pkg::KIND_W];
          op_d      = op_i[n*4 +: 4];
          offset_d  = offset_i[n*12 +: 12];
          a_known_d = known_i[n];
          b_known_d = known_i[Xdpnum + n];
          a_tag_d   = tag_i[n*TAG_W +: TAG_W];
          b_tag_d   = tag_i[(Xdpnum + n)*TAG_W +: TAG_W];
          a_d       = value_i[n*32 +: 32];
          b_d       = value_i[(Xdpnum + n)*32 +: 32];
          started_d = 1'b0;
          done_d    = 1'b0;
        end
      end
    end

    always_ff @(posedge clk_i) begin
      kind_q[s]    <= kind_d;
      op_q[s]      <= op_d;
      offset_q[s]  <= offset_d;
      a_tag_q[s]   <= a_tag_d;
      b_tag_q[s]   <= b_tag_d;
      a_q[s]       <= a_d;
      b_q[s]       <= b_d;
      a_known_q[s] <= a_known_d;
      b_known_q[s] <= b_known_d;
      started_q[s] <= started_d;
      done_q[s]    <= done_d;
    end
  end

  `ASSERT(NoMoreThanRoom, {1'b0, count_q} + {1'b0, entered} <= (ROOM_W+1)'(Stanum))
  `ASSERT(LanesInOrder, (dispatch_i & (dispatch_i + Xdpnum'(1))) == '0)

endmodule
