// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// formal_router: environment and properties of tcc_router for an unbounded proof
// (formal_router.sh).
//
// Environment  every input delivers whole packets, with destinations that XY routing can bring to
//              that input of the router at (X, Y); any valid, ready and payload otherwise. At most
//              one flit ever accepted carries the tag (payload bit 63), and at most one later flit
//              from the same input to the same output the second tag (bit 62).
// Proved       the tagged flit leaves at most once, at the output XY routing names for its packet
//              and with its head and tail flags; no tag appears from nothing; the second tag never
//              comes out before the first has; a flit offered at an output stays until taken; and
//              every assertion inside tcc_router and tcc_fifo. The tags may sit on any flits: no
//              flit is duplicated, misrouted or altered, and none is overtaken or lost that a later
//              flit of its flow survives.

module formal_router #(
  parameter int unsigned FifoDepth = 2
) (
  input logic clk_i,
  input logic [5*66-1:0] in_flit_i,
  input logic [4:0] in_valid_i,
  input logic [4:0] out_ready_i
);

  localparam logic [5:0] X = 6'd2;
  localparam logic [5:0] Y = 6'd1;

  logic rst_n_q = 1'b0;
  always_ff @(posedge clk_i) rst_n_q <= 1'b1;

  logic [5*66-1:0] out_flit;
  logic [4:0] in_ready, out_valid;

  tcc_router #(
    .DflitWidth(64),
    .FifoDepth (FifoDepth)
  ) u_router (
    .clk_i,
    .rst_ni     (rst_n_q),
    .x_i        (X),
    .y_i        (Y),
    .in_flit_i,
    .in_valid_i,
    .in_ready_o (in_ready),
    .out_flit_o (out_flit),
    .out_valid_o(out_valid),
    .out_ready_i
  );

  // Environment: packets and their routes.
  logic [4:0] open_q;  // inside a packet
  logic [4:0] in_head, in_tail, in_tag, in_tag2, legal, accept;
  logic [24:0] want, open_want_q;  // [5*in +: 5]: output of the offered flit, of the open packet

  for (genvar i = 0; i < 5; i++) begin : gen_in
    logic [5:0] dst_x, dst_y;
    logic [4:0] route;
    assign in_head[i] = in_flit_i[66*i+65];
    assign in_tail[i] = in_flit_i[66*i+64];
    assign in_tag[i] = in_flit_i[66*i+63];
    assign in_tag2[i] = in_flit_i[66*i+62];
    assign dst_x = in_flit_i[66*i+:6];
    assign dst_y = in_flit_i[66*i+6+:6];
    assign accept[i] = rst_n_q && in_valid_i[i] && in_ready[i];
    // Written out here, not taken from the package: North 0, East 1, South 2, West 3, Local 4.
    assign route = (dst_x > X) ? 5'b00010 : (dst_x < X) ? 5'b01000 :
        (dst_y > Y) ? 5'b00100 : (dst_y < Y) ? 5'b00001 : 5'b10000;
    assign legal[i] = (i == 0) ? (route & 5'b10100) != '0 :  // from North: South, Local
        (i == 2) ? (route & 5'b10001) != '0 :  // from South: North, Local
        (i == 1) ? (route & 5'b00010) == '0 :  // from East: not back
        (i == 3) ? (route & 5'b01000) == '0 : 1'b1;
    assign want[5*i+:5] = in_head[i] ? route : open_want_q[5*i+:5];

    always_ff @(posedge clk_i) begin
      if (!rst_n_q) open_q[i] <= 1'b0;
      else if (accept[i]) open_q[i] <= !in_tail[i];
      if (accept[i]) open_want_q[5*i+:5] <= want[5*i+:5];
    end
  end

  always_comb begin
    assume ((in_head & in_valid_i) == (~open_q & in_valid_i));
    assume ((in_valid_i & in_head & ~legal) == '0);
  end

  // The tag.
  logic sent_q, out_q, tag_head_q, tag_tail_q;
  logic sent2_q;
  logic [4:0] tag_want_q, tag_source_q, tag_in, tag2_in, tag_out, tag2_out, other_flow;
  for (genvar o = 0; o < 5; o++) begin : gen_out
    assign tag_out[o] = out_valid[o] && out_flit[66*o+63];
    assign tag2_out[o] = out_valid[o] && out_flit[66*o+62];
    assign other_flow[o] = !tag_source_q[o] || want[5*o+:5] != tag_want_q;
  end
  assign tag_in = accept & in_tag;
  assign tag2_in = accept & in_tag2;

  always_comb begin
    assume ((tag_in & (tag_in - 5'd1)) == '0);
    assume (!(sent_q && tag_in != '0));
    assume (tag2_in == '0 || (sent_q && !sent2_q && (tag2_in & other_flow) == '0));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_n_q) begin
      sent_q <= 1'b0;
      sent2_q <= 1'b0;
      out_q <= 1'b0;
    end else begin
      if (tag_in != '0) sent_q <= 1'b1;
      if (tag2_in != '0) sent2_q <= 1'b1;
      if ((tag_out & out_ready_i) != '0) out_q <= 1'b1;
    end
    for (int i = 0; i < 5; i++) begin
      if (tag_in[i]) begin
        tag_want_q <= want[5*i+:5];
        tag_source_q <= tag_in;
        tag_head_q <= in_head[i];
        tag_tail_q <= in_tail[i];
      end
    end
  end

  logic [4:0] wrong_flags;
  for (genvar o = 0; o < 5; o++) begin : gen_flags
    assign wrong_flags[o] = tag_out[o] &&
        (out_flit[66*o+65] != tag_head_q || out_flit[66*o+64] != tag_tail_q);
  end

  // An output holds what it offers.
  logic [4:0] held_q, held_tag_q;
  always_ff @(posedge clk_i) begin
    held_q <= rst_n_q ? out_valid & ~out_ready_i : '0;
    held_tag_q <= tag_out;
  end

  always_ff @(posedge clk_i) begin
    if (rst_n_q) begin
      ATagSent: assert (sent_q || tag_out == '0);
      ATagOnce: assert (!(out_q && tag_out != '0));
      ATagOrder: assert (out_q || tag2_out == '0);
      ATagRouted: assert ((tag_out & ~tag_want_q) == '0);
      ATagWhole: assert (wrong_flags == '0);
      AOutputHolds: assert ((held_q & ~out_valid) == '0 && ((held_tag_q ^ tag_out) & held_q) == '0);
    end
  end

endmodule
