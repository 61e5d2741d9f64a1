// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Streaming tensor engine: FP16 matrix times vector at one weight row a cycle.
//
// Purpose      out[0..L-1] += x[k] * W[k][0..L-1] for k = 0..K-1, L = Vlen / 16 lanes (broadcast
//              order: weights never cross a bus, no reduction tree), summed exactly and rounded
//              once at the read-out. Two accumulator banks let the read-out of one product overlap
//              the next.
// Protocol     cmd: valid/ready (WPTR, GEMV, ADDF, RD, MOVE of tcc_pkg; fields in rtl/README.md),
//              executed in order. idle_o falls in the cycle after a command is accepted and rises
//              when every effect is in DMEM. dm_*: one request a cycle on the wide DMEM port, never
//              refused; dm_rdata_i is valid the cycle after a read and held until the next read.
//              wm_*: the same for WMEM, read only.
// Latency      GEMV of K rows: first row 2 cycles after acceptance, 3 cycles from a row's issue to
//              its accumulator. GEMV and RD alone in the engine: K + 15 cycles from the offer of
//              GEMV to idle (fp16).
// Throughput   Back-to-back GEMV + RD pairs: K + 1 cycles each for K >= 13 (fp16) or 16 (fp32).
//
//   issue | WMEM, x mux register | multiply register | accumulator
//         || load | magnitude | row | DMEM
//
// Partial sums across tiles travel as fp32 (RD with fp32 set). They come back either through the
// network interface's RADD (fp32 additions in program order) or as rows that ADDF adds here; ADDF
// is exact, because every fp32 that a read-out can produce, and every fp32 sum of such, is a
// multiple of 2^-48 in the accumulator's range.
//
// Assumes      See tcc_tensor_issue (ordering against own writes) and tcc_fp16_mac (32768 products
//              between clears).
// Parameters   VLEN -> Vlen (128, 256, 512, 1024, 2048); DMEM -> DmemAw (row address width).
//              QueueDepth: ours.
`include "tcc_assert.svh"

module tcc_tensor #(
  parameter int Vlen = 128,
  parameter int DmemAw = 10,
  parameter int QueueDepth = 4
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,

  input  logic                        cmd_valid_i,
  output logic                        cmd_ready_o,
  input  logic [tcc_pkg::OP_W-1:0]    cmd_op_i,
  input  logic [tcc_pkg::ARG_W-1:0]   cmd_arg_i,
  output logic                        idle_o,

  output logic                        dm_req_o,
  output logic                        dm_we_o,
  output logic [DmemAw-1:0]           dm_addr_o,
  output logic [Vlen-1:0]             dm_wdata_o,
  input  logic [Vlen-1:0]             dm_rdata_i,

  output logic                        wm_req_o,
  output logic [tcc_pkg::WPTR_W-1:0]  wm_addr_o,
  input  logic [Vlen-1:0]             wm_rdata_i
);

  localparam int LANES = Vlen / 16;
  localparam int GROUP_LANES = tcc_pkg::GROUP_LANES;
  localparam int GROUPS = LANES / GROUP_LANES;
  localparam int ELEM_W = $clog2(LANES);

  if (Vlen < 128 || Vlen > 2048 || (Vlen & (Vlen - 1)) != 0) begin : gen_bad_vlen
    $error("tcc_tensor: Vlen must be a power of two from 128 to 2048");
  end

  // Front end.
  logic                       issue_idle, rd_req, mv_req, mv_gnt, gemv, addf, bank, clr;
  logic [DmemAw-1:0]          rd_addr, mv_addr;
  logic [ELEM_W-1:0]          elem;
  logic                       ro_valid, ro_ready, ro_idle;
  logic [tcc_pkg::ARG_W-1:0]  ro_arg;
  logic [1:0]                 ro_bank_busy;

  tcc_tensor_issue #(
    .Vlen       (Vlen),
    .DmemAw     (DmemAw),
    .QueueDepth (QueueDepth)
  ) u_issue (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .cmd_valid_i    (cmd_valid_i),
    .cmd_ready_o    (cmd_ready_o),
    .cmd_op_i       (cmd_op_i),
    .cmd_arg_i      (cmd_arg_i),
    .idle_o         (issue_idle),
    .dm_rd_req_o    (rd_req),
    .dm_rd_addr_o   (rd_addr),
    .mv_req_o       (mv_req),
    .mv_addr_o      (mv_addr),
    .mv_gnt_i       (mv_gnt),
    .wm_req_o       (wm_req_o),
    .wm_addr_o      (wm_addr_o),
    .gemv_o         (gemv),
    .addf_o         (addf),
    .elem_o         (elem),
    .bank_o         (bank),
    .clr_o          (clr),
    .ro_valid_o     (ro_valid),
    .ro_ready_i     (ro_ready),
    .ro_arg_o       (ro_arg),
    .ro_bank_busy_i (ro_bank_busy)
  );

  // Select and decode the activation once for all lanes.
  logic [15:0]              x;
  logic                     x_normal, x_special;
  logic [tcc_pkg::XD_W-1:0] xd_d, xd_q;

  assign x         = dm_rdata_i[{elem, 4'd0} +: 16];
  assign x_normal  = x[14:10] != 5'd0;
  assign x_special = x[14:10] == 5'd31;
  assign xd_d      = {x_special && (x[9:0] != 10'd0), x_special && (x[9:0] == 10'd0), x[15],
                      x[14:10] - {4'd0, x_normal}, x_normal, x[9:0]};

  // The slice of fp32 values that an ADDF step hands to the groups: a quarter of a row.
  logic [Vlen/4-1:0] fp32_slice;
  assign fp32_slice = dm_rdata_i[(Vlen/4) * 32'(elem[1:0]) +: Vlen/4];

  // Control travels with the data: issue, M stage, A stage.
  logic                   m_gemv_q, m_addf_q, m_bank_q, m_clr_q, a_bank_q, a_clr_q;
  logic [2:0]             m_lane_q;
  logic [GROUP_LANES-1:0] a_lanes_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      m_gemv_q  <= 1'b0;
      m_addf_q  <= 1'b0;
      m_bank_q  <= 1'b0;
      m_clr_q   <= 1'b0;
      m_lane_q  <= '0;
      a_bank_q  <= 1'b0;
      a_clr_q   <= 1'b0;
      a_lanes_q <= '0;
    end else begin
      m_gemv_q  <= gemv;
      m_addf_q  <= addf;
      m_bank_q  <= bank;
      m_clr_q   <= clr;
      m_lane_q  <= elem[2:0];
      a_bank_q  <= m_bank_q;
      a_clr_q   <= m_clr_q;
      a_lanes_q <= {GROUP_LANES{m_gemv_q}} | (GROUP_LANES'(m_addf_q) << m_lane_q);
    end
  end

  always_ff @(posedge clk_i) begin
    if (gemv) xd_q <= xd_d;
  end

  // Lanes and their converters. Lane s of group g works on column s * GROUPS + g.
  logic              step_load, step_abs, step_bank, step_fp32, step_relu;
  logic [2:0]        step_lane;
  logic [Vlen/4-1:0] result;

  for (genvar g = 0; g < GROUPS; g++) begin : gen_group
    logic [16*GROUP_LANES-1:0] w;

    for (genvar s = 0; s < GROUP_LANES; s++) begin : gen_weight
      assign w[16*s +: 16] = wm_rdata_i[16*(s*GROUPS + g) +: 16];
    end

    tcc_tensor_group u_group (
      .clk_i       (clk_i),
      .rst_ni      (rst_ni),
      .mul_i       (m_gemv_q),
      .xd_i        (xd_q),
      .w_i         (w),
      .add_load_i  (addf),
      .add_fp32_i  (fp32_slice[32*g +: 32]),
      .add_i       (m_addf_q),
      .add_lane_i  (m_lane_q),
      .acc_lanes_i (a_lanes_q),
      .acc_clr_i   (a_clr_q),
      .acc_bank_i  (a_bank_q),
      .rd_load_i   (step_load),
      .rd_lane_i   (step_lane),
      .rd_bank_i   (step_bank),
      .rd_abs_i    (step_abs),
      .rd_fp32_i   (step_fp32),
      .rd_relu_i   (step_relu),
      .rd_result_o (result[32*g +: 32])
    );
  end

  logic              wr_req, wr_gnt;
  logic [DmemAw-1:0] wr_addr;
  logic [Vlen-1:0]   wr_data;

  tcc_tensor_readout #(
    .Vlen   (Vlen),
    .DmemAw (DmemAw)
  ) u_readout (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .ro_valid_i  (ro_valid),
    .ro_ready_o  (ro_ready),
    .ro_bank_i   (ro_arg[tcc_pkg::ARG_BANK]),
    .ro_fp32_i   (ro_arg[tcc_pkg::ARG_FP32]),
    .ro_relu_i   (ro_arg[tcc_pkg::ARG_RELU]),
    .ro_addr_i   (ro_arg[tcc_pkg::ARG_ROW_LSB +: DmemAw]),
    .bank_busy_o (ro_bank_busy),
    .idle_o      (ro_idle),
    .step_load_o (step_load),
    .step_abs_o  (step_abs),
    .step_lane_o (step_lane),
    .step_bank_o (step_bank),
    .step_fp32_o (step_fp32),
    .step_relu_o (step_relu),
    .result_i    (result),
    .wr_req_o    (wr_req),
    .wr_addr_o   (wr_addr),
    .wr_data_o   (wr_data),
    .wr_gnt_i    (wr_gnt)
  );

  // DMEM port: activation reads first (the lanes wait for them), then read-out, then MOVE.
  assign wr_gnt     = wr_req && !rd_req;
  assign mv_gnt     = mv_req && !rd_req && !wr_req;
  assign dm_req_o   = rd_req || wr_req || mv_req;
  assign dm_we_o    = !rd_req;
  assign dm_addr_o  = rd_req ? rd_addr : (wr_req ? wr_addr : mv_addr);
  assign dm_wdata_o = wr_req ? wr_data : dm_rdata_i;

  assign idle_o = issue_idle && ro_idle && !m_gemv_q && !m_addf_q && (a_lanes_q == '0);

  `ASSERT(OneGrant, !(wr_gnt && mv_gnt))

endmodule
