// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Result buses of the scalar core, and where its branches lead.
//
// Purpose      Gives the XrWp buses to what has a result: a load first, since its word does not
//              wait, then a product, then integer results, oldest first. Finds the branch or jalr
//              among what the integer units execute.
// Protocol     alu_room_o: how many integer results there is a bus for, to be obeyed in the same
//              cycle. product_taken_o: the product is on a bus. resolves_o: a branch, jalr or loop
//              is executed; leads_away_o: it goes to target_o; loops_o: it begins turns_o turns.
// Latency      0 cycles.
// Throughput   XrWp results a cycle.
// Assumes      At most alu_room_o integer results. One branch, jalr or loop at a time.
// Parameters   XDPNUM -> Xdpnum; XR_WP -> XrWp; TagW: from STANUM.
module tcc_results #(
  parameter int Xdpnum = 1,
  parameter int XrWp = 1,
  parameter int TagW = 1,
  localparam int KIND_W = tcc_core_pkg::KIND_W
) (
  // Integer units
  output logic [5:0]               alu_room_o,
  input  logic [Xdpnum-1:0]        alu_valid_i,
  input  logic [Xdpnum*KIND_W-1:0] alu_kind_i,
  input  logic [Xdpnum*TagW-1:0]   alu_tag_i,
  input  logic [Xdpnum*32-1:0]     alu_result_i,
  input  logic [Xdpnum-1:0]        alu_taken_i,

  // The branch or jalr that is under way
  input  logic [31:0]              branch_target_i,
  input  logic [31:0]              link_i,

  input  logic                     load_valid_i,
  input  logic [TagW-1:0]          load_tag_i,
  input  logic [31:0]              load_value_i,
  input  logic                     product_valid_i,
  output logic                     product_taken_o,
  input  logic [TagW-1:0]          product_tag_i,
  input  logic [31:0]              product_i,

  output logic [XrWp-1:0]          bus_valid_o,
  output logic [XrWp*TagW-1:0]     bus_tag_o,
  output logic [XrWp*32-1:0]       bus_value_o,

  output logic                     resolves_o,
  output logic                     leads_away_o,
  output logic [31:0]              target_o,
  output logic                     loops_o,
  output logic [31:0]              turns_o
);

  logic [5:0] first_alu, left;

  assign product_taken_o = product_valid_i && (6'(load_valid_i) < 6'(XrWp));
  assign first_alu       = 6'(load_valid_i) + 6'(product_taken_o);
  assign left            = 6'(XrWp) - first_alu;
  assign alu_room_o      = (left < 6'(Xdpnum)) ? left : 6'(Xdpnum);

  always_comb begin
    bus_valid_o = '0;
    bus_tag_o   = '0;
    bus_value_o = '0;
    for (int k = 0; k < XrWp; k++) begin
      for (int n = 0; n < Xdpnum; n++) begin
        if ((first_alu + 6'(n) == 6'(k)) && alu_valid_i[n]) begin
          bus_valid_o[k]              = 1'b1;
          bus_tag_o[k*TagW +: TagW]   = alu_tag_i[n*TagW +: TagW];
          bus_value_o[k*32 +: 32]     = (alu_kind_i[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_JALR)
                                        ? link_i : alu_result_i[n*32 +: 32];
        end
      end
      if (product_taken_o && (6'(load_valid_i) == 6'(k))) begin
        bus_valid_o[k]            = 1'b1;
        bus_tag_o[k*TagW +: TagW] = product_tag_i;
        bus_value_o[k*32 +: 32]   = product_i;
      end
      if (load_valid_i && (k == 0)) begin
        bus_valid_o[k]            = 1'b1;
        bus_tag_o[k*TagW +: TagW] = load_tag_i;
        bus_value_o[k*32 +: 32]   = load_value_i;
      end
    end
  end

  always_comb begin
    resolves_o   = 1'b0;
    leads_away_o = 1'b0;
    target_o     = branch_target_i;
    loops_o      = 1'b0;
    turns_o      = '0;
    for (int n = 0; n < Xdpnum; n++) begin
      if (alu_valid_i[n] && (alu_kind_i[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_BRANCH)) begin
        resolves_o   = 1'b1;
        leads_away_o = alu_taken_i[n];
      end
      if (alu_valid_i[n] && (alu_kind_i[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_LOOP)) begin
        resolves_o   = 1'b1;
        leads_away_o = alu_taken_i[n];
        loops_o      = !alu_taken_i[n];
        turns_o      = alu_result_i[n*32 +: 32];
      end
      if (alu_valid_i[n] && (alu_kind_i[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_JALR)) begin
        resolves_o   = 1'b1;
        leads_away_o = 1'b1;
        target_o     = {alu_result_i[n*32 + 1 +: 31], 1'b0};
      end
    end
  end

endmodule
