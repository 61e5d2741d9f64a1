// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Issue of the vector unit: which of the oldest instructions start now.
//
// Purpose      Holds an instruction until its operands and its destination are not waited for, its
//              unit is free, and the bank of its result is.
// Protocol     valid_i, word_i: the oldest instructions (bits 31:7 of their words). issue_o marks
//              the first so many. pending_i[r]: register r is to be written by what was issued.
//              conflict_o: an instruction waits for nothing but the bank that an earlier one of
//              this cycle writes.
// Latency      0 cycles.
// Throughput   Vdpnum a cycle, of which one access and one special function.
// Assumes      Results of lane operations come in the order and distance of their issue.
// Parameters   VDPNUM -> Vdpnum; VR_WP -> VrWp.
module tcc_vissue #(
  parameter int Vdpnum = 1,
  parameter int VrWp = 1,
  localparam int VREGS = tcc_vec_pkg::VREGS,
  localparam int VREG_W = tcc_vec_pkg::VREG_W
) (
  input  logic [Vdpnum-1:0]        valid_i,
  input  logic [Vdpnum*25-1:0]     word_i,
  input  logic [VREGS-1:0]         pending_i,
  input  logic                     access_free_i,
  input  logic                     sfu_free_i,

  output logic [Vdpnum-1:0]        issue_o,
  output logic [Vdpnum-1:0]        by_lane_o,  // what kind of instruction
  output logic [Vdpnum-1:0]        access_o,
  output logic [Vdpnum-1:0]        sfu_o,
  output logic [VREGS-1:0]         writes_o,   // by what is issued
  output logic                     conflict_o
);

  logic [Vdpnum*3-1:0]      group;
  logic [Vdpnum*7-1:0]      number;
  logic [Vdpnum*VREG_W-1:0] vd, vs1, vs2;
  logic [Vdpnum-1:0]        reads_vd, reads_vs1, reads_vs2, writes;

  for (genvar n = 0; n < Vdpnum; n++) begin : gen_decode
    logic lanes;

    assign number[7*n +: 7]          = word_i[25*n + 18 +: 7];
    assign vs2[VREG_W*n +: VREG_W]   = word_i[25*n + 13 +: VREG_W];
    assign vs1[VREG_W*n +: VREG_W]   = word_i[25*n + 8 +: VREG_W];
    assign group[3*n +: 3]           = word_i[25*n + 5 +: 3];
    assign vd[VREG_W*n +: VREG_W]    = word_i[25*n +: VREG_W];

    assign lanes        = group[3*n +: 3] == tcc_vec_pkg::VG_LANES;
    assign sfu_o[n]     = group[3*n +: 3] == tcc_vec_pkg::VG_SFU;
    assign access_o[n]  = (group[3*n +: 3] == tcc_vec_pkg::VG_LD) ||
                          (group[3*n +: 3] == tcc_vec_pkg::VG_ST) ||
                          (group[3*n +: 3] == tcc_vec_pkg::VG_LDW);
    assign by_lane_o[n] = !sfu_o[n] && !access_o[n];
    assign reads_vs1[n] = lanes || sfu_o[n] || (group[3*n +: 3] == tcc_vec_pkg::VG_SWAP);
    assign reads_vs2[n] = (lanes && ((number[7*n +: 7] < 7'(tcc_vec_pkg::VOP_MOV)) ||
                                     (number[7*n +: 7] == 7'(tcc_vec_pkg::VOP_PACK)))) ||
                          (group[3*n +: 3] == tcc_vec_pkg::VG_ST);
    assign reads_vd[n]  = lanes && ((number[7*n +: 7] == 7'(tcc_vec_pkg::VOP_FMA)) ||
                                    (number[7*n +: 7] == 7'(tcc_vec_pkg::VOP_SEL)));
    assign writes[n]    = group[3*n +: 3] != tcc_vec_pkg::VG_ST;
  end

  logic             open, waits, taken;
  logic [VREGS-1:0] busy;
  logic [VrWp-1:0]  bank_taken;
  logic             access_free, sfu_free;

  always_comb begin
    issue_o     = '0;
    writes_o    = '0;
    conflict_o  = 1'b0;
    open        = 1'b1;
    busy        = pending_i;
    bank_taken  = '0;
    access_free = access_free_i;
    sfu_free    = sfu_free_i;
    waits       = 1'b0;
    taken       = 1'b0;
    for (int n = 0; n < Vdpnum; n++) begin
      waits = (reads_vs1[n] && busy[vs1[VREG_W*n +: VREG_W]]) ||
              (reads_vs2[n] && busy[vs2[VREG_W*n +: VREG_W]]) ||
              ((reads_vd[n] || writes[n]) && busy[vd[VREG_W*n +: VREG_W]]) ||
              (access_o[n] && !access_free) || (sfu_o[n] && !sfu_free);
      taken = 1'b0;
      for (int b = 0; b < VrWp; b++) begin
        if (by_lane_o[n] && bank_taken[b] && (32'(vd[VREG_W*n +: VREG_W]) % VrWp == b)) begin
          taken = 1'b1;
        end
      end
      open       = open && valid_i[n] && !waits;
      conflict_o = conflict_o || (open && taken);
      open       = open && !taken;
      if (open) begin
        issue_o[n] = 1'b1;
        if (access_o[n]) access_free = 1'b0;
        if (sfu_o[n])    sfu_free = 1'b0;
        if (writes[n]) begin
          busy[vd[VREG_W*n +: VREG_W]]     = 1'b1;
          writes_o[vd[VREG_W*n +: VREG_W]] = 1'b1;
        end
        for (int b = 0; b < VrWp; b++) begin
          if (by_lane_o[n] && (32'(vd[VREG_W*n +: VREG_W]) % VrWp == b)) bank_taken[b] = 1'b1;
        end
      end
    end
  end

  logic unused_high;
  assign unused_high = ^word_i;

endmodule
