// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Scalar core of a tile: RV32IM without FENCE, ECALL, EBREAK and CSRs, with s.halt and s.cycle.
//
// Purpose      Dispatches up to Xdpnum instructions a cycle in order into Stanum reservation
//              stations; executes them when their operands are there, in any order.
// Protocol     start_i (one cycle, ignored while running) starts at address 0 with all registers 0;
//              done_o rises when s.halt is reached and everything before it is done, and stays
//              until the next start; code_o is its number. error_o rises with done_o where the
//              core can't go on: an illegal word, the end of IMEM, a jump to no word, a bad
//              address. There are no traps. IMEM as tcc_imem; DMEM as tcc_lsu.
// Retirement   One channel a result bus, and one for stores: order counts instructions as they
//              were dispatched, channels show them as they are done. pc, word and order of the
//              instruction; the value for rd; of loads and stores the address; of stores the bytes
//              (mask by byte, data in its lanes). s.halt does not retire.
// Latency      An instruction executes in the cycle after its dispatch at the earliest; loads take
//              one more, products and quotients as tcc_muldiv.
// Throughput   min(FetchSize, Xdpnum, XrWp) a cycle. Dispatch waits for a branch or jalr until it
//              is executed; jal costs nothing but the rest of its block.
// Assumes      as tcc_fetch and tcc_lsu.
// Parameters   FETCH_SIZE -> FetchSize; STANUM -> Stanum; XDPNUM -> Xdpnum; XR_WP -> XrWp;
//              IMEM -> ImemKib; DMEM -> DmemKib.
`include "tcc_assert.svh"

module tcc_core #(
  parameter int FetchSize = 1,
  parameter int Stanum = 1,
  parameter int Xdpnum = 1,
  parameter int XrWp = 1,
  parameter int ImemKib = 1,
  parameter int DmemKib = 16,
  localparam int IMEM_AW = $clog2(ImemKib * 256 / FetchSize),
  localparam int WORD_AW = $clog2(DmemKib * 256),
  localparam int CHANNELS = XrWp + 1
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    start_i,
  output logic                    done_o,
  output logic                    error_o,
  output logic [11:0]             code_o,

  output logic                    im_req_o,
  output logic [IMEM_AW-1:0]      im_addr_o,
  input  logic [32*FetchSize-1:0] im_rdata_i,

  output logic                    dm_req_o,
  input  logic                    dm_ready_i,
  output logic [3:0]              dm_we_o,
  output logic [WORD_AW-1:0]      dm_addr_o,
  output logic [31:0]             dm_wdata_o,
  input  logic [31:0]             dm_rdata_i,

  // Retirement
  output logic [CHANNELS-1:0]     ret_valid_o,
  output logic [CHANNELS*32-1:0]  ret_order_o,
  output logic [CHANNELS*32-1:0]  ret_pc_o,
  output logic [CHANNELS*32-1:0]  ret_word_o,
  output logic [CHANNELS*32-1:0]  ret_value_o,
  output logic [31:0]             ret_address_o,  // of the store
  output logic [3:0]              ret_mask_o
);

  localparam int KIND_W = tcc_core_pkg::KIND_W;
  localparam int TAG_W = (Stanum > 1) ? $clog2(Stanum) : 1;
  localparam int ROOM_W = $clog2(Stanum + 1);
  localparam int COUNT_W = $clog2(FetchSize + 1);

  logic run_q, done_q, error_q, start;
  logic [11:0] code_q;

  assign start   = start_i && !run_q;
  assign done_o  = done_q;
  assign error_o = error_q;
  assign code_o  = code_q;

  // Fetch
  logic                    redirect, overrun;
  logic [31:0]             target, pc;
  logic [COUNT_W-1:0]      take, count;
  logic [32*FetchSize-1:0] words;

  tcc_fetch #(
    .FetchSize (FetchSize),
    .ImemKib   (ImemKib)
  ) u_fetch (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .run_i      (run_q),
    .redirect_i (redirect),
    .target_i   (target),
    .take_i     (take),
    .pc_o       (pc),
    .count_o    (count),
    .words_o    (words),
    .overrun_o  (overrun),
    .im_req_o   (im_req_o),
    .im_addr_o  (im_addr_o),
    .im_rdata_i (im_rdata_i)
  );

  logic unused_words;  // of a block that is wider than the group
  assign unused_words = ^words;

  // Decoders, a lane each.
  logic [Xdpnum-1:0]        is_word, legal, jal, ends_group, halts, a_is_pc, a_is_cycle, b_is_imm, b_is_link;
  logic [Xdpnum*KIND_W-1:0] kind;
  logic [Xdpnum*4-1:0]      op;
  logic [Xdpnum*5-1:0]      rd, rs1, rs2;
  logic [Xdpnum*32-1:0]     imm, lane_pc, lane_word;

  for (genvar n = 0; n < Xdpnum; n++) begin : gen_lane
    if (n < FetchSize) begin : gen_word
      assign lane_word[n*32 +: 32] = words[n*32 +: 32];
    end else begin : gen_no_word
      assign lane_word[n*32 +: 32] = '0;
    end
    assign lane_pc[n*32 +: 32] = pc + 32'(4 * n);

    tcc_decode u_decode (
      .word_i       (lane_word[n*32 +: 32]),
      .legal_o      (is_word[n]),
      .kind_o       (kind[n*KIND_W +: KIND_W]),
      .jal_o        (jal[n]),
      .op_o         (op[n*4 +: 4]),
      .rd_o         (rd[n*5 +: 5]),
      .rs1_o        (rs1[n*5 +: 5]),
      .rs2_o        (rs2[n*5 +: 5]),
      .a_is_pc_o    (a_is_pc[n]),
      .a_is_cycle_o (a_is_cycle[n]),
      .b_is_imm_o   (b_is_imm[n]),
      .b_is_link_o  (b_is_link[n]),
      .imm_o        (imm[n*32 +: 32])
    );

    // A jal to no word is as illegal as no instruction.
    assign legal[n]      = is_word[n] && !(jal[n] && imm[n*32 + 1]);
    assign halts[n]      = kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_HALT;
    assign ends_group[n] = jal[n] || (kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_BRANCH) ||
                           (kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_JALR);
  end

  // Dispatch: in order, as many as there are words and stations, up to the first that jumps.
  logic              branch_wait_q, open, empty;
  logic [Xdpnum-1:0] dispatch;
  logic [ROOM_W-1:0] room;
  logic [31:0]       leads_to, link_d, branch_target_q, link_q;
  logic              jumps, branches;
  logic              lost_q;  // a branch or jalr led to no word

  always_comb begin
    dispatch        = '0;
    take            = '0;
    jumps           = 1'b0;
    branches        = 1'b0;
    leads_to        = '0;
    link_d          = '0;
    open            = run_q && !branch_wait_q && !lost_q;
    for (int n = 0; n < Xdpnum; n++) begin
      open = open && (n < FetchSize) && (6'(n) < 6'(count)) && (6'(n) < 6'(room)) && legal[n] &&
             !halts[n];
      if (open) begin
        dispatch[n] = 1'b1;
        take        = take + COUNT_W'(1);
        if (ends_group[n]) begin
          open            = 1'b0;
          jumps           = jal[n];
          branches        = !jal[n];
          leads_to        = lane_pc[n*32 +: 32] + imm[n*32 +: 32];
          link_d          = lane_pc[n*32 +: 32] + 32'd4;
        end
      end
    end
  end

  // Operands
  logic [2*Xdpnum-1:0]       reg_known, known;
  logic [2*Xdpnum*TAG_W-1:0] reg_tag;
  logic [2*Xdpnum*32-1:0]    reg_value, value;
  logic [Xdpnum*12-1:0]      offset;
  logic [Xdpnum*TAG_W-1:0]   lane_tag;
  logic [31:0]               cycle_q;
  logic [XrWp-1:0]           bus_valid;
  logic [XrWp*TAG_W-1:0]     bus_tag;
  logic [XrWp*32-1:0]        bus_value;

  always_comb begin
    known  = reg_known;
    value  = reg_value;
    offset = '0;
    for (int n = 0; n < Xdpnum; n++) begin
      offset[n*12 +: 12] = imm[n*32 +: 12];
      if (a_is_pc[n] || a_is_cycle[n]) begin
        known[n]          = 1'b1;
        value[n*32 +: 32] = a_is_pc[n] ? lane_pc[n*32 +: 32] : cycle_q;
      end
      if (b_is_imm[n] || b_is_link[n]) begin
        known[Xdpnum + n]            = 1'b1;
        value[(Xdpnum + n)*32 +: 32] = b_is_link[n] ? 32'd4 : imm[n*32 +: 32];
      end
    end
  end

  tcc_xrf #(
    .Xdpnum (Xdpnum),
    .XrWp   (XrWp),
    .TagW   (TAG_W)
  ) u_xrf (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .clear_i        (start),
    .rs_i           ({rs2, rs1}),
    .known_o        (reg_known),
    .tag_o          (reg_tag),
    .value_o        (reg_value),
    .dispatch_i     (dispatch),
    .rd_i           (rd),
    .rd_tag_i       (lane_tag),
    .result_valid_i (bus_valid),
    .result_tag_i   (bus_tag),
    .result_i       (bus_value)
  );

  // Reservation stations
  logic [5:0]               alu_room;
  logic [Xdpnum-1:0]        alu_valid, alu_taken;
  logic [Xdpnum*KIND_W-1:0] alu_kind;
  logic [Xdpnum*4-1:0]      alu_op;
  logic [Xdpnum*TAG_W-1:0]  alu_tag;
  logic [Xdpnum*32-1:0]     alu_a, alu_b, alu_result;
  logic                     md_valid, md_ready, ls_valid, ls_ready, ls_oldest, ls_store, ls_fault;
  logic [2:0]               md_op, ls_op;
  logic [TAG_W-1:0]         md_tag, ls_tag;
  logic [31:0]              md_a, md_b, ls_address, ls_data;

  tcc_window #(
    .Stanum (Stanum),
    .Xdpnum (Xdpnum),
    .XrWp   (XrWp)
  ) u_window (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .clear_i        (start),
    .room_o         (room),
    .lane_tag_o     (lane_tag),
    .dispatch_i     (dispatch),
    .kind_i         (kind),
    .op_i           (op),
    .offset_i       (offset),
    .known_i        (known),
    .tag_i          (reg_tag),
    .value_i        (value),
    .result_valid_i (bus_valid),
    .result_tag_i   (bus_tag),
    .result_i       (bus_value),
    .alu_room_i     (alu_room),
    .alu_valid_o    (alu_valid),
    .alu_kind_o     (alu_kind),
    .alu_op_o       (alu_op),
    .alu_tag_o      (alu_tag),
    .alu_a_o        (alu_a),
    .alu_b_o        (alu_b),
    .md_valid_o     (md_valid),
    .md_ready_i     (md_ready),
    .md_op_o        (md_op),
    .md_tag_o       (md_tag),
    .md_a_o         (md_a),
    .md_b_o         (md_b),
    .ls_valid_o     (ls_valid),
    .ls_ready_i     (ls_ready),
    .ls_oldest_o    (ls_oldest),
    .ls_store_o     (ls_store),
    .ls_op_o        (ls_op),
    .ls_tag_o       (ls_tag),
    .ls_address_o   (ls_address),
    .ls_data_o      (ls_data)
  );

  assign empty = room == ROOM_W'(Stanum);

  // Units
  for (genvar n = 0; n < Xdpnum; n++) begin : gen_alu
    logic [31:0] sum;
    tcc_alu u_alu (
      .op_i     ((alu_kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_ALU) ? alu_op[n*4 +: 4] : 4'd0),
      .branch_i (alu_op[n*4 +: 3]),
      .a_i      (alu_a[n*32 +: 32]),
      .b_i      (alu_b[n*32 +: 32]),
      .result_o (sum),
      .taken_o  (alu_taken[n])
    );
    assign alu_result[n*32 +: 32] = sum;
  end

  logic             product_valid, product_taken, load_valid;
  logic [31:0]      product, load_value;
  logic [TAG_W-1:0] product_tag_q, load_tag;

  tcc_muldiv u_muldiv (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .clear_i  (start),
    .valid_i  (md_valid),
    .ready_o  (md_ready),
    .op_i     (md_op),
    .a_i      (md_a),
    .b_i      (md_b),
    .valid_o  (product_valid),
    .ready_i  (product_taken),
    .result_o (product)
  );

  tcc_lsu #(
    .DmemKib (DmemKib),
    .TagW    (TAG_W)
  ) u_lsu (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .clear_i      (start),
    .valid_i      (ls_valid),
    .ready_o      (ls_ready),
    .store_i      (ls_store),
    .op_i         (ls_op),
    .tag_i        (ls_tag),
    .address_i    (ls_address),
    .data_i       (ls_data),
    .fault_o      (ls_fault),
    .load_valid_o (load_valid),
    .load_tag_o   (load_tag),
    .load_value_o (load_value),
    .dm_req_o     (dm_req_o),
    .dm_ready_i   (dm_ready_i),
    .dm_we_o      (dm_we_o),
    .dm_addr_o    (dm_addr_o),
    .dm_wdata_o   (dm_wdata_o),
    .dm_rdata_i   (dm_rdata_i)
  );

  // Result buses: a load first, since its word does not wait; then a product; then integer results.
  logic [5:0] first_alu;
  logic [5:0] left;

  assign product_taken = product_valid && (6'(load_valid) < 6'(XrWp));
  assign first_alu     = 6'(load_valid) + 6'(product_taken);
  assign left          = 6'(XrWp) - first_alu;
  assign alu_room      = (left < 6'(Xdpnum)) ? left : 6'(Xdpnum);

  always_comb begin
    bus_valid = '0;
    bus_tag   = '0;
    bus_value = '0;
    for (int k = 0; k < XrWp; k++) begin
      for (int n = 0; n < Xdpnum; n++) begin
        if ((first_alu + 6'(n) == 6'(k)) && alu_valid[n]) begin
          bus_valid[k]                = 1'b1;
          bus_tag[k*TAG_W +: TAG_W]   = alu_tag[n*TAG_W +: TAG_W];
          bus_value[k*32 +: 32]       = (alu_kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_JALR)
                                        ? link_q : alu_result[n*32 +: 32];
        end
      end
      if (product_taken && (6'(load_valid) == 6'(k))) begin
        bus_valid[k]              = 1'b1;
        bus_tag[k*TAG_W +: TAG_W] = product_tag_q;
        bus_value[k*32 +: 32]     = product;
      end
      if (load_valid && (k == 0)) begin
        bus_valid[k]              = 1'b1;
        bus_tag[k*TAG_W +: TAG_W] = load_tag;
        bus_value[k*32 +: 32]     = load_value;
      end
    end
  end

  // Where a branch or jalr leads.
  logic        resolves, leads_away;
  logic [31:0] resolved_target;

  always_comb begin
    resolves        = 1'b0;
    leads_away      = 1'b0;
    resolved_target = branch_target_q;
    for (int n = 0; n < Xdpnum; n++) begin
      if (alu_valid[n] && (alu_kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_BRANCH)) begin
        resolves   = 1'b1;
        leads_away = alu_taken[n];
      end
      if (alu_valid[n] && (alu_kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_JALR)) begin
        resolves        = 1'b1;
        leads_away      = 1'b1;
        resolved_target = {alu_result[n*32 + 1 +: 31], 1'b0};
      end
    end
  end

  assign redirect = start || jumps || leads_away;
  assign target   = start ? 32'd0 : (jumps ? leads_to : resolved_target);

  // Start and end
  logic halt, fault, bad_word;

  assign halt  = run_q && !branch_wait_q && !lost_q && empty && (count != '0) && legal[0] && halts[0];
  assign fault = run_q && ((ls_fault && ls_oldest) ||
                           (empty && (lost_q || (!branch_wait_q && (overrun || bad_word)))));

  assign bad_word = (count != '0) && !legal[0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      run_q         <= 1'b0;
      done_q        <= 1'b0;
      error_q       <= 1'b0;
      code_q        <= '0;
      branch_wait_q <= 1'b0;
      lost_q        <= 1'b0;
      cycle_q       <= '0;
    end else if (start) begin
      run_q         <= 1'b1;
      done_q        <= 1'b0;
      error_q       <= 1'b0;
      branch_wait_q <= 1'b0;
      lost_q        <= 1'b0;
      cycle_q       <= '0;
    end else begin
      cycle_q       <= cycle_q + 32'd1;
      branch_wait_q <= branches || (branch_wait_q && !resolves);
      lost_q        <= lost_q || (leads_away && resolved_target[1]);
      if (halt || fault) begin
        run_q   <= 1'b0;
        done_q  <= 1'b1;
        error_q <= fault;
        code_q  <= imm[11:0];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (branches) begin
      branch_target_q <= leads_to;
      link_q          <= link_d;
    end
    if (md_valid && md_ready) product_tag_q <= md_tag;
  end

  // Retirement: what was dispatched into each station.
  logic [31:0] order_q, order_d;
  logic [31:0] order_of_q [Stanum];
  logic [31:0] pc_of_q [Stanum];
  logic [31:0] word_of_q [Stanum];

  always_comb begin
    order_d     = order_q + 32'(take);
    ret_valid_o = {ls_valid && ls_ready && ls_store, bus_valid};
    ret_order_o = '0;
    ret_pc_o    = '0;
    ret_word_o  = '0;
    for (int k = 0; k < XrWp; k++) begin
      ret_order_o[k*32 +: 32] = order_of_q[bus_tag[k*TAG_W +: TAG_W]];
      ret_pc_o[k*32 +: 32]    = pc_of_q[bus_tag[k*TAG_W +: TAG_W]];
      ret_word_o[k*32 +: 32]  = word_of_q[bus_tag[k*TAG_W +: TAG_W]];
    end
    ret_order_o[XrWp*32 +: 32] = order_of_q[ls_tag];
    ret_pc_o[XrWp*32 +: 32]    = pc_of_q[ls_tag];
    ret_word_o[XrWp*32 +: 32]  = word_of_q[ls_tag];
  end

  assign ret_value_o   = {dm_wdata_o, bus_value};
  assign ret_address_o = ls_address;
  assign ret_mask_o    = dm_we_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni)    order_q <= '0;
    else if (start) order_q <= '0;
    else            order_q <= order_d;
  end

  always_ff @(posedge clk_i) begin
    for (int n = 0; n < Xdpnum; n++) begin
      if (dispatch[n]) begin
        order_of_q[lane_tag[n*TAG_W +: TAG_W]] <= order_q + 32'(n);
        pc_of_q[lane_tag[n*TAG_W +: TAG_W]]    <= lane_pc[n*32 +: 32];
        word_of_q[lane_tag[n*TAG_W +: TAG_W]]  <= lane_word[n*32 +: 32];
      end
    end
  end

  `ASSERT(OneWayToGo, !(jumps && leads_away))
  `ASSERT(ResolvesWhatWaits, !resolves || branch_wait_q)

endmodule
