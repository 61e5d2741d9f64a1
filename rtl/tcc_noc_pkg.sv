// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_noc_pkg: what the router, the network interface and their benches agree on.
//
// Flit    {head, tail, payload[DflitWidth-1:0]}, DflitWidth + 2 bits.
// Packet  a stream of 32-bit words, first word in the low bits, cut into flits: words 0 and 1 are
//         the header, the rest is data. A packet of n data words is therefore ceil((n + 2) * 32 /
//         DflitWidth) flits. At DflitWidth 64 the head flit is the header alone; wider head flits
//         carry data, so that a short message is one flit. Unused words of the tail flit are
//         undefined.
// Header  bits 5:0 destination x, 11:6 destination y, 17:12 source x, 23:18 source y, 31:24 channel
//         tag, 47:32 data words that follow, 48 kind (0 data, 1 grant: see tcc_ni), the rest 0.
// Mesh    x grows to the East, y grows to the South: North is y - 1.
// Paper   DFLIT_WIDTH -> DflitWidth (any multiple of 64, 64..8192)

package tcc_noc_pkg;

  // Router ports, the index of a port's slice in every flat port vector.
  localparam int unsigned NUM_PORTS = 5;
  localparam int unsigned PORT_NORTH = 0;
  localparam int unsigned PORT_EAST = 1;
  localparam int unsigned PORT_SOUTH = 2;
  localparam int unsigned PORT_WEST = 3;
  localparam int unsigned PORT_LOCAL = 4;

  localparam int unsigned COORD_W = 6;  // a coordinate: meshes up to 64 x 64
  localparam int unsigned CHANNEL_W = 8;
  localparam int unsigned LENGTH_W = 16;
  localparam int unsigned HDR_W = 64;

  // Operations of the network interface (cmd_op_i of tcc_ni).
  localparam logic [1:0] NI_SEND = 2'd0;
  localparam logic [1:0] NI_RECV = 2'd1;
  localparam logic [1:0] NI_RADD = 2'd2;

  // Dimension-ordered routing has no turn from a y channel into an x channel, and nothing turns
  // back. Only these legs exist in the crossbar, which is what makes the channel dependency graph
  // acyclic.
  function automatic logic legal_turn(input int unsigned from, input int unsigned to);
    if (from == PORT_NORTH || from == PORT_SOUTH) begin
      legal_turn = (to != PORT_EAST) && (to != PORT_WEST) && (to != from);
    end else begin
      legal_turn = (from == PORT_LOCAL) || (to != from);
    end
  endfunction

  // One-hot output port at tile (x, y) for a packet to (dst_x, dst_y): first along x, then along y.
  function automatic logic [NUM_PORTS-1:0] route_xy(
      input logic [COORD_W-1:0] x, input logic [COORD_W-1:0] y, input logic [COORD_W-1:0] dst_x,
      input logic [COORD_W-1:0] dst_y);
    route_xy = '0;
    if (dst_x > x) route_xy[PORT_EAST] = 1'b1;
    else if (dst_x < x) route_xy[PORT_WEST] = 1'b1;
    else if (dst_y > y) route_xy[PORT_SOUTH] = 1'b1;
    else if (dst_y < y) route_xy[PORT_NORTH] = 1'b1;
    else route_xy[PORT_LOCAL] = 1'b1;
  endfunction

  // The header; the hdr_* functions below take it apart again.
  function automatic logic [HDR_W-1:0] make_header(
      input logic is_grant, input logic [COORD_W-1:0] dst_x, input logic [COORD_W-1:0] dst_y,
      input logic [COORD_W-1:0] src_x, input logic [COORD_W-1:0] src_y,
      input logic [CHANNEL_W-1:0] channel, input logic [LENGTH_W-1:0] length);
    make_header = {15'd0, is_grant, length, channel, src_y, src_x, dst_y, dst_x};
  endfunction

  function automatic logic [COORD_W-1:0] hdr_dst_x(input logic [HDR_W-1:0] header);
    hdr_dst_x = COORD_W'(header >> 0);
  endfunction

  function automatic logic [COORD_W-1:0] hdr_dst_y(input logic [HDR_W-1:0] header);
    hdr_dst_y = COORD_W'(header >> 6);
  endfunction

  function automatic logic [COORD_W-1:0] hdr_src_x(input logic [HDR_W-1:0] header);
    hdr_src_x = COORD_W'(header >> 12);
  endfunction

  function automatic logic [COORD_W-1:0] hdr_src_y(input logic [HDR_W-1:0] header);
    hdr_src_y = COORD_W'(header >> 18);
  endfunction

  function automatic logic [CHANNEL_W-1:0] hdr_channel(input logic [HDR_W-1:0] header);
    hdr_channel = CHANNEL_W'(header >> 24);
  endfunction

  function automatic logic [LENGTH_W-1:0] hdr_length(input logic [HDR_W-1:0] header);
    hdr_length = LENGTH_W'(header >> 32);
  endfunction

  function automatic logic hdr_is_grant(input logic [HDR_W-1:0] header);
    hdr_is_grant = 1'(header >> 48);
  endfunction

endpackage
