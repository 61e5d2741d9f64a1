// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Scalar register file of a core, with what is known of values that are still being computed.
//
// Purpose      Holds x1 to x31 and, of each, the tag of the instruction that will write it. Looks
//              up the operands of the group that is being dispatched: a value, or the tag to wait
//              for.
// Protocol     Lookups are combinational and see the results of this cycle and the destinations of
//              earlier lanes of the group. A result is written only if its tag is still the one
//              that the register waits for, so that an older instruction that ends late does not
//              overwrite a younger one's.
// Latency      A result is seen in the cycle in which it is broadcast.
// Throughput   2 x Xdpnum lookups, XrWp writes, Xdpnum new tags a cycle.
// Assumes      Lanes are dispatched in order: lane n only with all lanes before it. No two results
//              of a cycle have one tag.
// Parameters   XDPNUM -> Xdpnum: read ports; XR_WP -> XrWp: write ports and result buses; TagW:
//              from STANUM.
`include "tcc_assert.svh"

module tcc_xrf #(
  parameter int Xdpnum = 1,
  parameter int XrWp = 1,
  parameter int TagW = 1
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     clear_i,    // all registers 0 and known

  // The group: operand lookups (rs1 of every lane, then rs2 of every lane), destinations, tags.
  input  logic [2*Xdpnum*5-1:0]    rs_i,
  output logic [2*Xdpnum-1:0]      known_o,
  output logic [2*Xdpnum*TagW-1:0] tag_o,
  output logic [2*Xdpnum*32-1:0]   value_o,
  input  logic [Xdpnum-1:0]        dispatch_i,
  input  logic [Xdpnum*5-1:0]      rd_i,       // 0: none
  input  logic [Xdpnum*TagW-1:0]   rd_tag_i,

  // Result buses
  input  logic [XrWp-1:0]          result_valid_i,
  input  logic [XrWp*TagW-1:0]     result_tag_i,
  input  logic [XrWp*32-1:0]       result_i
);

  logic [31:0]     value_q [32];
  logic [TagW-1:0] tag_q [32];
  logic [31:0]     waits_q;  // for the result with its tag

  // Of each register, whether a bus brings its value now, and which value.
  logic [31:0] arrives;
  logic [31:0] arriving [32];

  always_comb begin
    for (int r = 0; r < 32; r++) begin
      arrives[r]  = 1'b0;
      arriving[r] = '0;
      for (int k = 0; k < XrWp; k++) begin
        if (waits_q[r] && result_valid_i[k] && (result_tag_i[k*TagW +: TagW] == tag_q[r])) begin
          arrives[r]  = 1'b1;
          arriving[r] = result_i[k*32 +: 32];
        end
      end
    end
  end

  always_comb begin
    for (int p = 0; p < 2 * Xdpnum; p++) begin
      known_o[p]             = !waits_q[rs_i[p*5 +: 5]] || arrives[rs_i[p*5 +: 5]];
      tag_o[p*TagW +: TagW]  = tag_q[rs_i[p*5 +: 5]];
      value_o[p*32 +: 32]    = arrives[rs_i[p*5 +: 5]] ? arriving[rs_i[p*5 +: 5]]
                                                       : value_q[rs_i[p*5 +: 5]];
      // The last earlier lane that writes the register has it.
      for (int m = 0; m < p % Xdpnum; m++) begin
        if ((rd_i[m*5 +: 5] != 5'd0) && (rd_i[m*5 +: 5] == rs_i[p*5 +: 5])) begin
          known_o[p]            = 1'b0;
          tag_o[p*TagW +: TagW] = rd_tag_i[m*TagW +: TagW];
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waits_q <= '0;
    end else if (clear_i) begin
      waits_q <= '0;
    end else begin
      waits_q <= waits_q & ~arrives;
      for (int n = 0; n < Xdpnum; n++) begin
        if (dispatch_i[n] && (rd_i[n*5 +: 5] != 5'd0)) waits_q[rd_i[n*5 +: 5]] <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    for (int r = 0; r < 32; r++) begin
      if (clear_i) value_q[r] <= '0;
      else if (arrives[r]) value_q[r] <= arriving[r];
    end
    for (int n = 0; n < Xdpnum; n++) begin
      if (dispatch_i[n]) tag_q[rd_i[n*5 +: 5]] <= rd_tag_i[n*TagW +: TagW];
    end
  end

  `ASSERT(NothingForX0, !waits_q[0])

endmodule
