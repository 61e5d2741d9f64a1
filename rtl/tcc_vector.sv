// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Vector unit: 16 registers of VLEN bits, operations by lane on fp16, special functions, rows of
// memory.
//
//   core --> queue --> issue --> registers -+-> Vdpnum x lane operations -+-> banks of registers
//                                           +-> special functions --------+
//                                           +-> DMEM, WMEM ---------------+
//
// Purpose      Takes the core's vector instructions and does them; they start in order and end when
//              they end. Registers are watched, so that an instruction starts when its operands and
//              its destination are not waited for.
// Protocol     valid_i: word and contents of rs1 of each, no more than room_o. idle_o: all is done.
//              fault_o: an access had a bad address (the tile stops). DMEM and WMEM: a request
//              counts in a cycle with its gnt, the row is there in the next.
// Latency      From issue to the result's first reader: lane operations VLANE_LATENCY + 2, special
//              functions 13, loads 4.
// Throughput   Vdpnum lane operations a cycle, fewer where results of one cycle have one bank.
// Assumes      Legal instructions (tcc_decode).
// Parameters   VLEN -> Vlen; STANUM -> Stanum, the queue's length; VDPNUM -> Vdpnum; VR_WP -> VrWp;
//              DMEM -> DmemKib.
`include "tcc_assert.svh"

module tcc_vector #(
  parameter int Vlen = 128,
  parameter int Stanum = 1,
  parameter int Vdpnum = 1,
  parameter int VrWp = 1,
  parameter int DmemKib = 16,
  localparam int ROW_AW = $clog2(DmemKib * (8192 / Vlen))
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  output logic [5:0]                 room_o,
  input  logic [Vdpnum-1:0]          valid_i,
  input  logic [Vdpnum*32-1:0]       word_i,
  input  logic [Vdpnum*32-1:0]       x_i,
  output logic                       idle_o,
  output logic                       fault_o,

  output logic                       dm_req_o,
  input  logic                       dm_gnt_i,
  output logic                       dm_we_o,
  output logic [ROW_AW-1:0]          dm_addr_o,
  output logic [Vlen-1:0]            dm_wdata_o,
  input  logic [Vlen-1:0]            dm_rdata_i,
  output logic                       wm_req_o,
  input  logic                       wm_gnt_i,
  output logic [tcc_pkg::WPTR_W-1:0] wm_addr_o,
  input  logic [Vlen-1:0]            wm_rdata_i
);

  localparam int VREGS = tcc_vec_pkg::VREGS;
  localparam int VREG_W = tcc_vec_pkg::VREG_W;
  localparam int WORD_W = 25;  // an instruction without its opcode
  localparam int ENTRY_W = WORD_W + 32;

  // Queue
  logic [Vdpnum*ENTRY_W-1:0] entry, head;
  logic [Vdpnum-1:0]         head_valid, issue;
  logic                      unused_opcode;

  for (genvar n = 0; n < Vdpnum; n++) begin : gen_entry
    assign entry[ENTRY_W*n +: ENTRY_W] = {x_i[32*n +: 32], word_i[32*n + 7 +: WORD_W]};
  end
  assign unused_opcode = ^word_i;

  tcc_vqueue #(
    .Depth (Stanum),
    .Ports (Vdpnum),
    .Width (ENTRY_W)
  ) u_queue (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .room_o  (room_o),
    .push_i  (valid_i),
    .data_i  (entry),
    .valid_o (head_valid),
    .data_o  (head),
    .pop_i   (issue)
  );

  // Issue
  logic [Vdpnum*WORD_W-1:0]    word;
  logic [Vdpnum*32-1:0]        x;
  logic [Vdpnum-1:0]           by_lane, is_access, is_sfu;
  logic [VREGS-1:0]            pending_q, starts, ends;
  logic                        access_free, sfu_free, conflict;
  logic [3*Vdpnum*VREG_W-1:0]  read_reg;  // vs1, vs2, vd of each
  logic [3*Vdpnum*Vlen-1:0]    read;

  for (genvar n = 0; n < Vdpnum; n++) begin : gen_head
    assign {x[32*n +: 32], word[WORD_W*n +: WORD_W]} = head[ENTRY_W*n +: ENTRY_W];
    assign read_reg[VREG_W*(3*n) +: VREG_W]     = word[WORD_W*n + 8 +: VREG_W];
    assign read_reg[VREG_W*(3*n + 1) +: VREG_W] = word[WORD_W*n + 13 +: VREG_W];
    assign read_reg[VREG_W*(3*n + 2) +: VREG_W] = word[WORD_W*n +: VREG_W];
  end

  tcc_vissue #(
    .Vdpnum (Vdpnum),
    .VrWp   (VrWp)
  ) u_issue (
    .valid_i       (head_valid),
    .word_i        (word),
    .pending_i     (pending_q),
    .access_free_i (access_free),
    .sfu_free_i    (sfu_free),
    .issue_o       (issue),
    .by_lane_o     (by_lane),
    .access_o      (is_access),
    .sfu_o         (is_sfu),
    .writes_o      (starts),
    .conflict_o    (conflict)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) pending_q <= '0;
    else         pending_q <= (pending_q & ~ends) | starts;
  end

  // How often a bank was in the way, for whoever looks at the tile.
  logic [31:0] conflicts_q /* verilator public_flat_rd */;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) conflicts_q <= '0;
    else         conflicts_q <= conflicts_q + 32'(conflict);
  end

  // Registers
  logic [VrWp-1:0]        write;
  logic [VrWp*VREG_W-1:0] write_reg;
  logic [VrWp*Vlen-1:0]   write_data;

  tcc_vrf #(
    .Vlen  (Vlen),
    .VrWp  (VrWp),
    .Reads (3*Vdpnum)
  ) u_registers (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .read_reg_i   (read_reg),
    .read_o       (read),
    .write_i      (write),
    .write_reg_i  (write_reg),
    .write_data_i (write_data)
  );

  // Lane operations
  logic [Vdpnum-1:0]        alu_valid;
  logic [Vdpnum*VREG_W-1:0] alu_vd;
  logic [Vdpnum*Vlen-1:0]   alu_result;

  for (genvar n = 0; n < Vdpnum; n++) begin : gen_alu
    tcc_valu #(
      .Vlen (Vlen)
    ) u_alu (
      .clk_i      (clk_i),
      .rst_ni     (rst_ni),
      .start_i    (issue[n] && by_lane[n]),
      .group_i    (word[WORD_W*n + 5 +: 3]),
      .op_i       (word[WORD_W*n + 18 +: tcc_vec_pkg::VOP_W]),
      .distance_i (word[WORD_W*n + 13 +: 3]),
      .vd_i       (word[WORD_W*n +: VREG_W]),
      .x_i        (x[32*n +: 16]),
      .a_i        (read[Vlen*(3*n) +: Vlen]),
      .b_i        (read[Vlen*(3*n + 1) +: Vlen]),
      .c_i        (read[Vlen*(3*n + 2) +: Vlen]),
      .valid_o    (alu_valid[n]),
      .vd_o       (alu_vd[VREG_W*n +: VREG_W]),
      .result_o   (alu_result[Vlen*n +: Vlen])
    );
  end

  // The access and the special function among what is issued.
  logic              access_start, sfu_start;
  logic [WORD_W-1:0] access_word, sfu_word;
  logic [31:0]       access_x;
  logic [Vlen-1:0]   access_data, sfu_a;

  always_comb begin
    access_start = 1'b0;
    access_word  = '0;
    access_x     = '0;
    access_data  = '0;
    sfu_start    = 1'b0;
    sfu_word     = '0;
    sfu_a        = '0;
    for (int n = 0; n < Vdpnum; n++) begin
      if (issue[n] && is_access[n]) begin
        access_start = 1'b1;
        access_word  = word[WORD_W*n +: WORD_W];
        access_x     = x[32*n +: 32];
        access_data  = read[Vlen*(3*n + 1) +: Vlen];
      end
      if (issue[n] && is_sfu[n]) begin
        sfu_start = 1'b1;
        sfu_word  = word[WORD_W*n +: WORD_W];
        sfu_a     = read[Vlen*(3*n) +: Vlen];
      end
    end
  end

  logic              load_valid, load_taken, sfu_valid, sfu_taken, is_store;
  logic [VREG_W-1:0] load_vd, sfu_vd;
  logic [Vlen-1:0]   load_row, sfu_result;

  // A store's offset lies in two parts, as in the base instructions.
  assign is_store = access_word[7:5] == tcc_vec_pkg::VG_ST;

  tcc_vaccess #(
    .Vlen    (Vlen),
    .DmemKib (DmemKib)
  ) u_access (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .free_o     (access_free),
    .start_i    (access_start),
    .group_i    (access_word[7:5]),
    .vd_i       (access_word[VREG_W-1:0]),
    .base_i     (access_x),
    .offset_i   (is_store ? {access_word[24:18], access_word[4:0]} : access_word[24:13]),
    .data_i     (access_data),
    .fault_o    (fault_o),
    .dm_req_o   (dm_req_o),
    .dm_gnt_i   (dm_gnt_i),
    .dm_we_o    (dm_we_o),
    .dm_addr_o  (dm_addr_o),
    .dm_wdata_o (dm_wdata_o),
    .dm_rdata_i (dm_rdata_i),
    .wm_req_o   (wm_req_o),
    .wm_gnt_i   (wm_gnt_i),
    .wm_addr_o  (wm_addr_o),
    .wm_rdata_i (wm_rdata_i),
    .valid_o    (load_valid),
    .taken_i    (load_taken),
    .vd_o       (load_vd),
    .row_o      (load_row)
  );

  tcc_vsfu #(
    .Vlen (Vlen)
  ) u_sfu (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .free_o     (sfu_free),
    .start_i    (sfu_start),
    .function_i (sfu_word[18 +: tcc_vec_pkg::SFU_W]),
    .vd_i       (sfu_word[VREG_W-1:0]),
    .a_i        (sfu_a),
    .valid_o    (sfu_valid),
    .taken_i    (sfu_taken),
    .vd_o       (sfu_vd),
    .result_o   (sfu_result)
  );

  logic unused_words;  // fields that the other kinds of instructions have
  assign unused_words = ^{access_word, sfu_word};

  // Banks
  logic [VrWp-1:0] load_takes, sfu_takes;

  for (genvar b = 0; b < VrWp; b++) begin : gen_bank
    tcc_vbank #(
      .Vlen   (Vlen),
      .Vdpnum (Vdpnum),
      .VrWp   (VrWp),
      .Bank   (b)
    ) u_bank (
      .alu_valid_i  (alu_valid),
      .alu_vd_i     (alu_vd),
      .alu_result_i (alu_result),
      .load_valid_i (load_valid),
      .load_vd_i    (load_vd),
      .load_row_i   (load_row),
      .sfu_valid_i  (sfu_valid),
      .sfu_vd_i     (sfu_vd),
      .sfu_result_i (sfu_result),
      .load_taken_o (load_takes[b]),
      .sfu_taken_o  (sfu_takes[b]),
      .write_o      (write[b]),
      .vd_o         (write_reg[VREG_W*b +: VREG_W]),
      .data_o       (write_data[Vlen*b +: Vlen])
    );
  end

  assign load_taken = load_takes != '0;
  assign sfu_taken  = sfu_takes != '0;

  always_comb begin
    ends = '0;
    for (int b = 0; b < VrWp; b++) begin
      if (write[b]) ends[write_reg[VREG_W*b +: VREG_W]] = 1'b1;
    end
  end

  assign idle_o = !head_valid[0] && (pending_q == '0) && access_free;

  `ASSERT(OneAWriter, (starts & pending_q) == '0)
  `ASSERT(WritesWhatIsWaitedFor, (ends & ~pending_q) == '0)

endmodule
