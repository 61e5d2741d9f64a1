// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Which of a core's reservation stations execute now.
//
// Purpose      Looks at the stations from the oldest on: the oldest ready ones go to the integer
//              units, the oldest ready one to the multiplier. Accesses, commands and vector
//              instructions stay in order among themselves: the oldest that has not gone is the only
//              one that may, and with it what follows if both are vector instructions.
// Protocol     Inputs have a bit a station, outputs too, for each unit. in_order_o marks the oldest
//              access or command, ready or not; in_order_ready_o: it is ready.
// Latency      0 cycles.
// Throughput   alu_room_i integer instructions, one product, one access or command or v_room_i
//              vector instructions.
// Assumes      alu_room_i <= Xdpnum.
// Parameters   STANUM -> Stanum; XDPNUM -> Xdpnum; VDPNUM -> Vdpnum.
module tcc_pick #(
  parameter int Stanum = 1,
  parameter int Xdpnum = 1,
  parameter int Vdpnum = 1,
  localparam int TAG_W = (Stanum > 1) ? $clog2(Stanum) : 1,
  localparam int ROOM_W = $clog2(Stanum + 1)
) (
  input  logic [TAG_W-1:0]         head_i,       // the oldest
  input  logic [ROOM_W-1:0]        count_i,      // taken from there on
  input  logic [Stanum-1:0]        waits_i,      // taken or not: has not gone to a unit
  input  logic [Stanum-1:0]        operands_i,   // are there
  input  logic [Stanum-1:0]        to_alu_i,
  input  logic [Stanum-1:0]        to_muldiv_i,
  input  logic [Stanum-1:0]        in_order_i,   // access or command
  input  logic [Stanum-1:0]        vector_i,
  input  logic [5:0]               alu_room_i,
  input  logic [5:0]               v_room_i,

  output logic [Xdpnum*Stanum-1:0] alu_o,
  output logic [Stanum-1:0]        muldiv_o,
  output logic [Stanum-1:0]        in_order_o,
  output logic                     in_order_ready_o,
  output logic [Vdpnum*Stanum-1:0] vector_o
);

  localparam int TWICE = 2 * Stanum;

  // The same bits in the order of age, and back: the k-th oldest is in station head_i + k.
  function automatic logic [Stanum-1:0] by_age(input logic [Stanum-1:0] stations,
                                               input logic [TAG_W-1:0] head);
    by_age = Stanum'({stations, stations} >> head);
  endfunction

  function automatic logic [Stanum-1:0] by_station(input logic [Stanum-1:0] ages,
                                                   input logic [TAG_W-1:0] head);
    by_station = Stanum'({ages, ages} >> (TWICE'(Stanum) - TWICE'(head)));
  endfunction

  logic [Stanum-1:0] waits, ready, to_alu, to_muldiv, in_order, vector;

  assign waits     = by_age(waits_i, head_i) & ~({Stanum{1'b1}} << count_i);
  assign ready     = by_age(operands_i, head_i) & waits;
  assign to_alu    = by_age(to_alu_i, head_i) & ready;
  assign to_muldiv = by_age(to_muldiv_i, head_i) & ready;
  assign in_order  = by_age(in_order_i, head_i) & waits;
  assign vector    = by_age(vector_i, head_i) & waits;

  logic [Xdpnum*Stanum-1:0] alu_pick;
  logic [Vdpnum*Stanum-1:0] vector_pick;
  logic [Stanum-1:0]        muldiv_pick, order_pick;
  logic                     muldiv_open, order_open;
  logic [5:0]               alus, vectors;

  always_comb begin
    alu_pick         = '0;
    muldiv_pick      = '0;
    order_pick       = '0;
    vector_pick      = '0;
    in_order_ready_o = 1'b0;
    alus             = '0;
    vectors          = '0;
    muldiv_open      = 1'b1;
    order_open       = 1'b1;
    for (int k = 0; k < Stanum; k++) begin
      if (to_alu[k] && (alus < alu_room_i)) begin
        for (int n = 0; n < Xdpnum; n++) alu_pick[n*Stanum + k] = alus == 6'(n);
        alus = alus + 6'd1;
      end
      if (to_muldiv[k] && muldiv_open) begin
        muldiv_pick[k] = 1'b1;
        muldiv_open    = 1'b0;
      end
      if (vector[k] && order_open) begin
        order_open = ready[k] && (vectors < v_room_i) && (vectors < 6'(Vdpnum));
        for (int n = 0; n < Vdpnum; n++) begin
          vector_pick[n*Stanum + k] = order_open && (vectors == 6'(n));
        end
        vectors = vectors + 6'(order_open);
      end
      if (in_order[k] && order_open) begin
        order_open       = 1'b0;
        order_pick[k]    = vectors == '0;
        in_order_ready_o = ready[k] && (vectors == '0);
      end
    end
  end

  assign muldiv_o   = by_station(muldiv_pick, head_i);
  assign in_order_o = by_station(order_pick, head_i);

  for (genvar n = 0; n < Xdpnum; n++) begin : gen_alu
    assign alu_o[n*Stanum +: Stanum] = by_station(alu_pick[n*Stanum +: Stanum], head_i);
  end
  for (genvar n = 0; n < Vdpnum; n++) begin : gen_vector
    assign vector_o[n*Stanum +: Stanum] = by_station(vector_pick[n*Stanum +: Stanum], head_i);
  end

endmodule
