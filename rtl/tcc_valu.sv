// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// One unit of the vector unit's lane operations, VLEN wide.
//
// Purpose      VLEN / 16 lanes (tcc_vlane), and in front of them what crosses lanes: a number for
//              every lane, and the exchange of lanes whose distance is a power of two.
//
//   start_i, registers --> choose, [operands] --> lanes [1] [2] [3] --> valid_o, result_o
//
// Protocol     No handshake and no stall.
// Latency      VLANE_LATENCY + 1 cycles from start_i to valid_o.
// Throughput   1 a cycle.
// Assumes      group_i is VG_LANES, VG_SPLAT or VG_SWAP.
// Parameters   VLEN -> Vlen.
module tcc_valu #(
  parameter int Vlen = 128,
  localparam int VREG_W = tcc_vec_pkg::VREG_W
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          start_i,
  input  logic [2:0]                    group_i,
  input  logic [tcc_vec_pkg::VOP_W-1:0] op_i,      // of VG_LANES
  input  logic [2:0]                    distance_i,
  input  logic [VREG_W-1:0]             vd_i,
  input  logic [15:0]                   x_i,
  input  logic [Vlen-1:0]               a_i,
  input  logic [Vlen-1:0]               b_i,
  input  logic [Vlen-1:0]               c_i,

  output logic                          valid_o,
  output logic [VREG_W-1:0]             vd_o,
  output logic [Vlen-1:0]               result_o
);

  localparam int LANES = Vlen / 16;
  localparam int STAGES = tcc_vec_pkg::VLANE_LATENCY + 1;

  // Where the results go; valid_q[s]: there is something in front of the lanes' stage s + 1.
  logic [STAGES-1:0]        valid_q;
  logic [STAGES*VREG_W-1:0] vd_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else         valid_q <= {valid_q[STAGES-2:0], start_i};
  end

  always_ff @(posedge clk_i) vd_q <= {vd_q[(STAGES-1)*VREG_W-1:0], vd_i};

  assign valid_o = valid_q[STAGES-1];
  assign vd_o    = vd_q[(STAGES-1)*VREG_W +: VREG_W];

  // What the lanes get.
  logic [Vlen-1:0]               swapped, a_q, b_q, c_q;
  logic [tcc_vec_pkg::VOP_W-1:0] op_q;
  logic                          swap;

  assign swap = start_i && (group_i == tcc_vec_pkg::VG_SWAP);

  for (genvar l = 0; l < LANES; l++) begin : gen_swap
    always_comb begin
      swapped[16*l +: 16] = a_i[16*l +: 16];
      if (swap) begin
        for (int n = 0; n < $clog2(LANES); n++) begin
          if (distance_i == 3'(n)) swapped[16*l +: 16] = a_i[16*(l ^ (1 << n)) +: 16];
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      op_q <= (group_i == tcc_vec_pkg::VG_LANES) ? op_i : tcc_vec_pkg::VOP_MOV;
      a_q  <= (group_i == tcc_vec_pkg::VG_SPLAT) ? {LANES{x_i}} : swapped;
      b_q  <= b_i;
      c_q  <= c_i;
    end
  end

  for (genvar l = 0; l < LANES; l++) begin : gen_lane
    tcc_vlane u_lane (
      .clk_i    (clk_i),
      .step_i   (valid_q[STAGES-2:0]),
      .op_i     (op_q),
      .a_i      (a_q[16*l +: 16]),
      .b_i      (b_q[16*l +: 16]),
      .c_i      (c_q[16*l +: 16]),
      .result_o (result_o[16*l +: 16])
    );
  end

endmodule
