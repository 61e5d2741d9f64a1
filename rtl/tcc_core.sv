// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Scalar core of a tile: RV32IM without FENCE, ECALL, EBREAK and CSRs, with commands to the tile's
// units and the system instructions (arch/isa).
//
// Purpose      Dispatches up to Xdpnum instructions a cycle in order into Stanum reservation
//              stations; executes them when their operands are there, in any order. Loads, stores
//              and commands are done in order among themselves.
// Protocol     start_i (one cycle, ignored while running) starts at address 0 with all registers 0;
//              done_o rises when s.halt is reached, everything before it is done and the units are
//              idle, and stays until the next start; code_o is its number. error_o rises with
//              done_o where the core can't go on: an illegal word, the end of IMEM, a jump to no
//              word, a bad address, a command that its unit refuses, a unit that fails. There are
//              no traps. IMEM as tcc_imem; DMEM as tcc_lsu.
//              Commands: valid/ready; operation (CMD_*), flags, operands a and b. cmd_fault_i: it
//              is illegal and will not be accepted. s.wait is one, accepted when what it names is
//              idle. Vector instructions: those with vec_valid_o are taken, at most vec_room_i of
//              them; word and contents of rs1.
// Retirement   tcc_retire; from channel XrWp on stores, commands and vector instructions (whose
//              value is the contents of rs1). Of channel XrWp also the address (of a command: its
//              first operand) and, of stores, the bytes (mask by byte, data in its lanes). s.halt does
//              not retire.
// Latency      An instruction executes in the cycle after its dispatch at the earliest; loads take
//              one more, products and quotients as tcc_muldiv.
// Throughput   min(FetchSize, Xdpnum, XrWp) a cycle. Dispatch waits for a branch or jalr until it
//              is executed; jal, and a turn of a loop, cost nothing but the rest of their block.
// Assumes      as tcc_fetch and tcc_lsu.
// Parameters   FETCH_SIZE -> FetchSize; STANUM -> Stanum; XDPNUM -> Xdpnum; XR_WP -> XrWp;
//              VDPNUM -> Vdpnum; IMEM -> ImemKib; DMEM -> DmemKib.
`include "tcc_assert.svh"

module tcc_core #(
  parameter int FetchSize = 1,
  parameter int Stanum = 1,
  parameter int Xdpnum = 1,
  parameter int Vdpnum = 1,
  parameter int XrWp = 1,
  parameter int ImemKib = 1,
  parameter int DmemKib = 16,
  localparam int IMEM_AW = $clog2(ImemKib * 256 / FetchSize),
  localparam int WORD_AW = $clog2(DmemKib * 256),
  localparam int CMD_W = tcc_core_pkg::CMD_W,
  localparam int FLAGS_W = tcc_pkg::FLAGS_W,
  localparam int CHANNELS = XrWp + Vdpnum
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic [31:0]             id_i,          // what n.id gives; constant

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

  // Commands to the units
  output logic                    cmd_valid_o,
  input  logic                    cmd_ready_i,
  input  logic                    cmd_fault_i,
  output logic [CMD_W-1:0]        cmd_op_o,
  output logic [FLAGS_W-1:0]      cmd_flags_o,
  output logic [31:0]             cmd_a_o,
  output logic [31:0]             cmd_b_o,
  output logic [Vdpnum-1:0]       vec_valid_o,
  output logic [Vdpnum*32-1:0]    vec_word_o,
  output logic [Vdpnum*32-1:0]    vec_x_o,
  input  logic [5:0]              vec_room_i,
  input  logic                    units_idle_i,
  input  logic                    units_fault_i,

  // Retirement
  output logic [CHANNELS-1:0]     ret_valid_o,
  output logic [CHANNELS*32-1:0]  ret_order_o,
  output logic [CHANNELS*32-1:0]  ret_pc_o,
  output logic [CHANNELS*32-1:0]  ret_word_o,
  output logic [CHANNELS*32-1:0]  ret_value_o,
  output logic [CHANNELS*32-1:0]  ret_a_o,
  output logic [CHANNELS*32-1:0]  ret_b_o,
  output logic [31:0]             ret_address_o,
  output logic [3:0]              ret_mask_o
);

  localparam int KIND_W = tcc_core_pkg::KIND_W;
  localparam int TAG_W = (Stanum > 1) ? $clog2(Stanum) : 1;
  localparam int ROOM_W = $clog2(Stanum + 1);
  localparam int COUNT_W = $clog2(FetchSize + 1);

  logic        run_q, done_q, error_q, start;
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

  // Decode and dispatch
  logic                      branch_wait_q, empty, jumps, branches, halts, bad_word;
  logic                      lost_q;  // a branch or jalr led to no word
  logic                      loop_open, turns;
  logic [31:0]               loop_begin, loop_end;
  logic [Xdpnum-1:0]         dispatch;
  logic [ROOM_W-1:0]         room;
  logic [31:0]               leads_to, link_d, branch_target_q, link_q, cycle_q;
  logic [11:0]               code;
  logic [2*Xdpnum*5-1:0]     rs;
  logic [Xdpnum*5-1:0]       rd;
  logic [Xdpnum*KIND_W-1:0]  kind;
  logic [Xdpnum*4-1:0]       op;
  logic [Xdpnum*12-1:0]      offset;
  logic [2*Xdpnum-1:0]       reg_known, known;
  logic [2*Xdpnum*TAG_W-1:0] reg_tag;
  logic [2*Xdpnum*32-1:0]    reg_value, value;
  logic [Xdpnum*32-1:0]      lane_pc, lane_word;

  tcc_dispatch #(
    .FetchSize (FetchSize),
    .Xdpnum    (Xdpnum),
    .RoomW     (ROOM_W)
  ) u_dispatch (
    .open_i      (run_q && !branch_wait_q && !lost_q),
    .room_i      (room),
    .cycle_i     (cycle_q),
    .id_i        (id_i),
    .loop_open_i  (loop_open),
    .loop_begin_i (loop_begin),
    .loop_end_i   (loop_end),
    .pc_i        (pc),
    .count_i     (count),
    .words_i     (words),
    .take_o      (take),
    .rs_o        (rs),
    .rd_o        (rd),
    .reg_known_i (reg_known),
    .reg_value_i (reg_value),
    .dispatch_o  (dispatch),
    .kind_o      (kind),
    .op_o        (op),
    .offset_o    (offset),
    .known_o     (known),
    .value_o     (value),
    .lane_pc_o   (lane_pc),
    .lane_word_o (lane_word),
    .jumps_o     (jumps),
    .branches_o  (branches),
    .loops_o     (turns),
    .leads_to_o  (leads_to),
    .link_o      (link_d),
    .halts_o     (halts),
    .bad_o       (bad_word),
    .code_o      (code)
  );

  // Registers
  logic [Xdpnum*TAG_W-1:0] lane_tag;
  logic [XrWp-1:0]         bus_valid;
  logic [XrWp*TAG_W-1:0]   bus_tag;
  logic [XrWp*32-1:0]      bus_value;

  tcc_xrf #(
    .Xdpnum (Xdpnum),
    .XrWp   (XrWp),
    .TagW   (TAG_W)
  ) u_xrf (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .clear_i        (start),
    .rs_i           (rs),
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
  logic                     md_valid, md_ready, ls_valid, ls_ready, ls_oldest, ls_store, ls_command;
  logic                     lsu_ready, lsu_fault, ls_fault;
  logic [2:0]               md_op;
  logic [3:0]               ls_op;
  logic [TAG_W-1:0]         md_tag, ls_tag;
  logic [31:0]              md_a, md_b, ls_address, ls_data;
  logic [Vdpnum*TAG_W-1:0]  vec_tag;
  logic [Stanum*32-1:0]     station_a, station_b;

  tcc_window #(
    .Stanum (Stanum),
    .Xdpnum (Xdpnum),
    .Vdpnum (Vdpnum),
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
    .ls_command_o   (ls_command),
    .ls_op_o        (ls_op),
    .ls_tag_o       (ls_tag),
    .ls_address_o   (ls_address),
    .ls_data_o      (ls_data),
    .ls_flags_o     (cmd_flags_o),
    .v_room_i       (vec_room_i),
    .v_valid_o      (vec_valid_o),
    .v_tag_o        (vec_tag),
    .v_x_o          (vec_x_o),
    .v_word_o       (vec_word_o),
    .a_o            (station_a),
    .b_o            (station_b)
  );

  assign empty = room == ROOM_W'(Stanum);

  // A command goes to the units, an access to the load/store unit.
  assign cmd_valid_o = ls_valid && ls_command;
  assign cmd_op_o    = ls_op;
  assign cmd_a_o     = ls_address;
  assign cmd_b_o     = ls_data;
  assign ls_ready    = ls_command ? cmd_ready_i : lsu_ready;
  assign ls_fault    = ls_command ? (ls_valid && cmd_fault_i) : lsu_fault;

  // Units
  for (genvar n = 0; n < Xdpnum; n++) begin : gen_alu
    logic [31:0] sum;
    logic        is_alu;
    assign is_alu = alu_kind[n*KIND_W +: KIND_W] == tcc_core_pkg::KIND_ALU;
    tcc_alu u_alu (
      .op_i     (is_alu ? alu_op[n*4 +: 4] : 4'd0),
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
    .valid_i      (ls_valid && !ls_command),
    .ready_o      (lsu_ready),
    .store_i      (ls_store),
    .op_i         (ls_op[2:0]),
    .tag_i        (ls_tag),
    .address_i    (ls_address),
    .data_i       (ls_data),
    .fault_o      (lsu_fault),
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

  logic        resolves, leads_away, begins_loop;
  logic [31:0] resolved_target, loop_turns;

  tcc_results #(
    .Xdpnum (Xdpnum),
    .XrWp   (XrWp),
    .TagW   (TAG_W)
  ) u_results (
    .alu_room_o      (alu_room),
    .alu_valid_i     (alu_valid),
    .alu_kind_i      (alu_kind),
    .alu_tag_i       (alu_tag),
    .alu_result_i    (alu_result),
    .alu_taken_i     (alu_taken),
    .branch_target_i (branch_target_q),
    .link_i          (link_q),
    .load_valid_i    (load_valid),
    .load_tag_i      (load_tag),
    .load_value_i    (load_value),
    .product_valid_i (product_valid),
    .product_taken_o (product_taken),
    .product_tag_i   (product_tag_q),
    .product_i       (product),
    .bus_valid_o     (bus_valid),
    .bus_tag_o       (bus_tag),
    .bus_value_o     (bus_value),
    .resolves_o      (resolves),
    .leads_away_o    (leads_away),
    .target_o        (resolved_target),
    .loops_o         (begins_loop),
    .turns_o         (loop_turns)
  );

  tcc_loop u_loop (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .clear_i (start),
    .set_i   (begins_loop),
    .begin_i (link_q),
    .end_i   (branch_target_q),
    .turns_i (loop_turns),
    .turn_i  (turns),
    .open_o  (loop_open),
    .begin_o (loop_begin),
    .end_o   (loop_end)
  );

  assign redirect = start || jumps || leads_away;
  assign target   = start ? 32'd0 : (jumps ? leads_to : resolved_target);

  // Start and end
  logic halt, fault;

  assign halt  = run_q && !branch_wait_q && !lost_q && empty && halts && units_idle_i;
  assign fault = run_q && (units_fault_i || (ls_fault && ls_oldest) ||
                           (empty && (lost_q || (!branch_wait_q && (overrun || bad_word)))));

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
        code_q  <= code;
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

  // Channels from XrWp on: an access or command, or vector instructions.
  logic                      ls_done;
  logic [Vdpnum-1:0]         rest_done;
  logic [Vdpnum*TAG_W-1:0]   rest_tag;
  logic [Vdpnum*32-1:0]      rest_value;

  assign ls_done = ls_valid && ls_ready && (ls_store || ls_command);

  always_comb begin
    rest_done  = vec_valid_o;
    rest_tag   = vec_tag;
    rest_value = vec_x_o;
    if (!vec_valid_o[0]) begin
      rest_done[0]        = ls_done;
      rest_tag[TAG_W-1:0] = ls_tag;
      rest_value[31:0]    = ls_command ? ls_data : dm_wdata_o;
    end
  end

  tcc_retire #(
    .Stanum (Stanum),
    .Xdpnum (Xdpnum),
    .Others (Vdpnum),
    .XrWp   (XrWp)
  ) u_retire (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .clear_i     (start),
    .dispatch_i  (dispatch),
    .lane_tag_i  (lane_tag),
    .lane_pc_i   (lane_pc),
    .lane_word_i (lane_word),
    .a_i         (station_a),
    .b_i         (station_b),
    .done_i      ({rest_done, bus_valid}),
    .tag_i       ({rest_tag, bus_tag}),
    .value_i     ({rest_value, bus_value}),
    .valid_o     (ret_valid_o),
    .order_o     (ret_order_o),
    .pc_o        (ret_pc_o),
    .word_o      (ret_word_o),
    .value_o     (ret_value_o),
    .a_o         (ret_a_o),
    .b_o         (ret_b_o)
  );

  assign ret_address_o = ls_address;
  assign ret_mask_o    = dm_we_o;

  `ASSERT(OneWayToGo, !(jumps && leads_away))
  `ASSERT(ResolvesWhatWaits, !resolves || branch_wait_q)

endmodule
