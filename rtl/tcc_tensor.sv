// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Streaming tensor engine: matrix times vector, or up to four vectors, at one weight row a cycle.
//
// Purpose      out[0..L-1] += x[k] * W[k][0..L-1] for k = 0..K-1, L = Vlen / 16 lanes (broadcast
//              order: weights never cross a bus, no reduction tree) of fp16, bf16 or pairs of int8,
//              summed exactly and rounded once at the read-out. Four accumulator banks hold the
//              sums of a batch, or let the read-out of one product overlap the next. A batch reads
//              each weight row once. The matrix may also lie in DMEM (attention).
// Protocol     cmd: valid/ready (WPTR, GEMV, ADDF, RD of tcc_pkg; fields in rtl/README.md),
//              executed in order. idle_o falls in the cycle after a command is accepted and rises
//              when every effect is in DMEM. dm_*: one request a cycle on the wide DMEM port, never
//              refused; dm_rdata_i is valid the cycle after a read and held until the next read.
//              wm_*: the same for WMEM, read only; while wm_hold_o is high, nobody else reads
//              there. dm_oob_o is high the cycle after a matrix row past the end of DMEM was asked
//              for.
// Latency      GEMV of K rows: first row 3 cycles after acceptance, 3 cycles from a row's issue to
//              its accumulator. GEMV and RD alone in the engine: K + 16 cycles from the offer of
//              GEMV to idle (16-bit formats).
// Throughput   Back-to-back GEMV + RD pairs: K + 1 cycles each for K >= 13 (16-bit formats) or 16;
//              a batch of B with its RDs B K + 13 (B - 1) + 1 cycles. From DMEM also a cycle for
//              each row of x and of results.
//
//   issue | WMEM, x mux register | multiply register | accumulator
//         || load | magnitude | row | DMEM
//
// Partial sums across tiles travel as fp32 (RD of fp32). They come back either through the network
// interface's RADD (fp32 additions in program order) or as rows that ADDF adds here; ADDF is exact,
// because every fp32 below 2^47 that a read-out can produce, and every fp32 sum of such, is a
// multiple of 2^-48.
//
// Assumes      See tcc_tensor_issue (ordering against own writes) and tcc_tensor_lane (32768
//              products between clears).
// Parameters   VLEN -> Vlen (128, 256, 512, 1024, 2048); DMEM -> DmemAw (row address width) and
//              DmemRows. QueueDepth: ours.
`include "tcc_assert.svh"

module tcc_tensor #(
  parameter int Vlen = 128,
  parameter int DmemAw = 10,
  parameter int DmemRows = 1024,
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
  output logic                        dm_oob_o,

  output logic                        wm_req_o,
  output logic [tcc_pkg::WPTR_W-1:0]  wm_addr_o,
  output logic                        wm_hold_o,
  input  logic [Vlen-1:0]             wm_rdata_i
);

  localparam int LANES = Vlen / 16;
  localparam int GROUP_LANES = tcc_pkg::GROUP_LANES;
  localparam int GROUPS = LANES / GROUP_LANES;

  if (Vlen < 128 || Vlen > 2048 || (Vlen & (Vlen - 1)) != 0) begin : gen_bad_vlen
    $error("tcc_tensor: Vlen must be a power of two from 128 to 2048");
  end

  // Front end.
  logic                         issue_idle, x_req, mat_req, gemv, addf, dmem, clr;
  logic [DmemAw-1:0]            x_addr;
  logic [15:0]                  x;
  logic [Vlen/4-1:0]            slice;
  logic [2:0]                   lane;
  logic [tcc_pkg::TYPE_W-1:0]   kind;
  logic [tcc_pkg::BANK_W-1:0]   bank;
  logic                         ro_valid, ro_ready, ro_idle, wr_req;
  logic [tcc_pkg::ARG_W-1:0]    ro_arg;
  logic [tcc_pkg::BANKS-1:0]    ro_bank_busy;

  tcc_tensor_issue #(
    .Vlen       (Vlen),
    .DmemAw     (DmemAw),
    .DmemRows   (DmemRows),
    .QueueDepth (QueueDepth)
  ) u_issue (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .cmd_valid_i    (cmd_valid_i),
    .cmd_ready_o    (cmd_ready_o),
    .cmd_op_i       (cmd_op_i),
    .cmd_arg_i      (cmd_arg_i),
    .idle_o         (issue_idle),
    .x_req_o        (x_req),
    .x_addr_o       (x_addr),
    .wr_req_i       (wr_req),
    .mat_req_o      (mat_req),
    .dm_rdata_i     (dm_rdata_i),
    .oob_o          (dm_oob_o),
    .wm_req_o       (wm_req_o),
    .wm_addr_o      (wm_addr_o),
    .wm_hold_o      (wm_hold_o),
    .gemv_o         (gemv),
    .addf_o         (addf),
    .x_o            (x),
    .slice_o        (slice),
    .lane_o         (lane),
    .type_o         (kind),
    .dmem_o         (dmem),
    .bank_o         (bank),
    .clr_o          (clr),
    .ro_valid_o     (ro_valid),
    .ro_ready_i     (ro_ready),
    .ro_arg_o       (ro_arg),
    .ro_bank_busy_i (ro_bank_busy)
  );

  // Decode the activation once for all lanes.
  logic [tcc_pkg::XD_W-1:0] xd_d, xd_q;

  tcc_tensor_xdec u_xdec (
    .type_i (kind),
    .x_i    (x),
    .xd_o   (xd_d)
  );

  // Control travels with the data: issue, M stage, A stage.
  logic                       m_gemv_q, m_addf_q, m_dmem_q, m_clr_q, a_clr_q;
  logic [tcc_pkg::TYPE_W-1:0] m_type_q;
  logic [tcc_pkg::BANK_W-1:0] m_bank_q, a_bank_q;
  logic [2:0]                 m_lane_q;
  logic [GROUP_LANES-1:0]     a_lanes_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      m_gemv_q  <= 1'b0;
      m_addf_q  <= 1'b0;
      m_dmem_q  <= 1'b0;
      m_type_q  <= '0;
      m_bank_q  <= '0;
      m_clr_q   <= 1'b0;
      m_lane_q  <= '0;
      a_bank_q  <= '0;
      a_clr_q   <= 1'b0;
      a_lanes_q <= '0;
    end else begin
      m_gemv_q  <= gemv;
      m_addf_q  <= addf;
      m_dmem_q  <= dmem;
      m_type_q  <= kind;
      m_bank_q  <= bank;
      m_clr_q   <= clr;
      m_lane_q  <= lane;
      a_bank_q  <= m_bank_q;
      a_clr_q   <= m_clr_q;
      a_lanes_q <= {GROUP_LANES{m_gemv_q}} | (GROUP_LANES'(m_addf_q) << m_lane_q);
    end
  end

  always_ff @(posedge clk_i) begin
    if (gemv) xd_q <= xd_d;
  end

  // Lanes and their converters. Lane s of group g works on column s * GROUPS + g.
  logic                         step_load, step_abs, step_relu;
  logic [2:0]                   step_lane;
  logic [tcc_pkg::BANK_W-1:0]   step_bank;
  logic [tcc_pkg::FORMAT_W-1:0] step_format;
  logic [Vlen-1:0]              weights;
  logic [Vlen/4-1:0]            result;

  assign weights = m_dmem_q ? dm_rdata_i : wm_rdata_i;

  for (genvar g = 0; g < GROUPS; g++) begin : gen_group
    logic [16*GROUP_LANES-1:0] w;

    for (genvar s = 0; s < GROUP_LANES; s++) begin : gen_weight
      assign w[16*s +: 16] = weights[16*(s*GROUPS + g) +: 16];
    end

    tcc_tensor_group u_group (
      .clk_i       (clk_i),
      .rst_ni      (rst_ni),
      .mul_i       (m_gemv_q),
      .type_i      (m_type_q),
      .xd_i        (xd_q),
      .w_i         (w),
      .add_load_i  (addf),
      .add_fp32_i  (slice[32*g +: 32]),
      .add_i       (m_addf_q),
      .add_lane_i  (m_lane_q),
      .acc_lanes_i (a_lanes_q),
      .acc_clr_i   (a_clr_q),
      .acc_bank_i  (a_bank_q),
      .rd_load_i   (step_load),
      .rd_lane_i   (step_lane),
      .rd_bank_i   (step_bank),
      .rd_abs_i    (step_abs),
      .rd_format_i (step_format),
      .rd_relu_i   (step_relu),
      .rd_result_o (result[32*g +: 32])
    );
  end

  logic              wr_gnt;
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
    .ro_bank_i   (ro_arg[tcc_pkg::ARG_BANK_LSB +: tcc_pkg::BANK_W]),
    .ro_format_i (ro_arg[tcc_pkg::ARG_FORMAT_LSB +: tcc_pkg::FORMAT_W]),
    .ro_relu_i   (ro_arg[tcc_pkg::ARG_RELU]),
    .ro_addr_i   (ro_arg[tcc_pkg::ARG_ROW_LSB +: DmemAw]),
    .bank_busy_o (ro_bank_busy),
    .idle_o      (ro_idle),
    .step_load_o (step_load),
    .step_abs_o  (step_abs),
    .step_lane_o (step_lane),
    .step_bank_o (step_bank),
    .step_format_o (step_format),
    .step_relu_o (step_relu),
    .result_i    (result),
    .wr_req_o    (wr_req),
    .wr_addr_o   (wr_addr),
    .wr_data_o   (wr_data),
    .wr_gnt_i    (wr_gnt)
  );

  // DMEM port: activation reads first (the lanes wait for them), then read-out, then the head of
  // the queue, which knows of both.
  assign wr_gnt     = wr_req && !x_req;
  assign dm_req_o   = x_req || wr_req || mat_req;
  assign dm_we_o    = !x_req && wr_req;
  assign dm_wdata_o = wr_data;

  always_comb begin
    dm_addr_o = wm_addr_o[DmemAw-1:0];
    if (wr_req)  dm_addr_o = wr_addr;
    if (x_req)   dm_addr_o = x_addr;
  end

  assign idle_o = issue_idle && ro_idle && !m_gemv_q && !m_addf_q && (a_lanes_q == '0);

  `ASSERT(HeadIsLast, !(mat_req && (x_req || wr_req)))

endmodule
