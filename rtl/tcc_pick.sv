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

  localparam int PLACE_W = TAG_W + 1;
  localparam logic [PLACE_W-1:0] STATIONS = PLACE_W'(Stanum);

  logic [PLACE_W-1:0] place;
  logic [TAG_W-1:0]   at;
  logic               waits, ready, muldiv_open, order_open;
  logic [5:0]         alus, vectors;

  always_comb begin
    alu_o            = '0;
    muldiv_o         = '0;
    in_order_o       = '0;
    in_order_ready_o = 1'b0;
    vector_o         = '0;
    alus             = '0;
    vectors          = '0;
    muldiv_open      = 1'b1;
    order_open       = 1'b1;
    place            = '0;
    at               = '0;
    waits            = 1'b0;
    ready            = 1'b0;
    for (int k = 0; k < Stanum; k++) begin
      place = {1'b0, head_i} + PLACE_W'(k);
      at    = (place < STATIONS) ? TAG_W'(place) : TAG_W'(place - STATIONS);
      waits = (ROOM_W'(k) < count_i) && waits_i[at];
      ready = waits && operands_i[at];
      if (ready && to_alu_i[at] && (alus < alu_room_i)) begin
        for (int n = 0; n < Xdpnum; n++) begin
          if (alus == 6'(n)) alu_o[n*Stanum + 32'(at)] = 1'b1;
        end
        alus = alus + 6'd1;
      end
      if (ready && to_muldiv_i[at] && muldiv_open) begin
        muldiv_o[at] = 1'b1;
        muldiv_open  = 1'b0;
      end
      if (waits && vector_i[at] && order_open) begin
        order_open = ready && (vectors < v_room_i) && (vectors < 6'(Vdpnum));
        for (int n = 0; n < Vdpnum; n++) begin
          if (order_open && (vectors == 6'(n))) vector_o[n*Stanum + 32'(at)] = 1'b1;
        end
        vectors = vectors + 6'(order_open);
      end
      if (waits && in_order_i[at] && order_open) begin
        order_open       = 1'b0;
        in_order_o[at]   = vectors == '0;
        in_order_ready_o = ready && (vectors == '0);
      end
    end
  end

endmodule
