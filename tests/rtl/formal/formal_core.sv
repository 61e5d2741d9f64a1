// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What the scalar core does on any program, for bounded proofs (formal_core.sh): its retirement port
// and its ports against formal_core_spec. The program is whatever IMEM shows, cycle by cycle; memory
// and units answer as they like. It is started once.
//
// bad_o[i]          instruction i (formal_core_spec) has another result, store, command or vector
//                   word than the manual says; of a load also the address
// bad_o[63 + i]     after instruction i another is dispatched than the manual says
// bad_o[126 ..]     reg_a, reg_b: an operand is not what the last instruction before it in order
//                   wrote; late_a, late_b: one before it in order writes it later; zero_a, zero_b:
//                   (one bit of it, any); x0 is not 0; unique: an order number twice; accesses, vectors: out of order;
//                   legal: a word that is no instruction; first: order 0 is not at pc 0; loop: a
//                   turn leads elsewhere; progress: nothing retires for PATIENCE cycles though
//                   memory and units are ready; end: it is done before what was dispatched is;
//                   silent: something retires before the start or after s.halt; writes, reads,
//                   commands, hands: DMEM or a unit is told something that does not retire;
//                   halted: done_o or error_o fall; carried: an order number retires with another
//                   pc or word than it was dispatched with, or before
// cover_o           what each of them is about does happen
module formal_core #(
  parameter int FetchSize = 1,
  parameter int Stanum = 1,
  parameter int Xdpnum = 1,
  parameter int Vdpnum = 1,
  parameter int XrWp = 1,
  parameter bit FewRegisters = 1'b0,  // words name x0 to x3 alone
  localparam int CHANNELS = XrWp + Vdpnum,
  localparam int OPS = 63,
  localparam int SPECIALS = 20,
  localparam int CHECKS = 2 * OPS + SPECIALS
) (
  input  logic                    clk_i,
  input  logic [32*FetchSize-1:0] im_rdata_i,
  input  logic                    dm_ready_i,
  input  logic [31:0]             dm_rdata_i,
  input  logic                    cmd_ready_i,
  input  logic                    cmd_fault_i,
  input  logic [5:0]              vec_room_i,
  input  logic                    units_idle_i,
  input  logic                    units_fault_i,
  input  logic [5:0]              order_i,  // at the first cycle: the instruction to look at
  input  logic [4:0]              reg_i,    // and a register, a bit of it
  input  logic [4:0]              bit_i,

  output logic [CHECKS-1:0]       bad_o,
  output logic [CHECKS-1:0]       cover_o
);

  localparam int PATIENCE = 9;
  localparam logic [31:0] ID = 32'h0017_0029;
  localparam logic [31:0] DMEM_BASE = 32'h8000_0000;

  logic [31:0]             few;
  logic [32*FetchSize-1:0] words;

  assign few   = FewRegisters ? 32'b1111111_00011_00011_111_00011_1111111 : {32{1'b1}};
  assign words = im_rdata_i & {FetchSize{few}};

  // Reset in the first cycle, the start in the second.
  logic [1:0] time_q = 2'd0;
  logic [5:0] order_q;
  logic [4:0] reg_q, bit_q;
  logic       rst_n, start;

  always_ff @(posedge clk_i) begin
    if (time_q != 2'd3) time_q <= time_q + 2'd1;
    if (time_q == 2'd0) begin
      order_q <= order_i;
      reg_q   <= reg_i;
      bit_q   <= bit_i;
    end
  end
  assign rst_n = time_q != 2'd0;
  assign start = time_q == 2'd1;

  logic                   done, error, dm_req, cmd_valid;
  logic [3:0]             dm_we, ret_mask;
  logic [11:0]            dm_addr, cmd_flags;
  logic [31:0]            dm_wdata, cmd_a, cmd_b, ret_address;
  logic [3:0]             cmd_op;
  logic [Vdpnum-1:0]      vec_valid;
  logic [Vdpnum*32-1:0]   vec_word, vec_x;
  logic [CHANNELS-1:0]    valid;
  logic [CHANNELS*32-1:0] order, pc, word, value, a, b;
  logic [Xdpnum-1:0]      dispatched;  // formal_core.sh gives the core these ports
  logic [Xdpnum*32-1:0]   lane_pc, lane_word;

  tcc_core #(
    .FetchSize (FetchSize),
    .Stanum    (Stanum),
    .Xdpnum    (Xdpnum),
    .Vdpnum    (Vdpnum),
    .XrWp      (XrWp),
    .ImemKib   (1),
    .DmemKib   (16)
  ) u_core (
    .clk_i         (clk_i),
    .rst_ni        (rst_n),
    .id_i          (ID),
    .start_i       (start),
    .done_o        (done),
    .error_o       (error),
    .code_o        (),
    .im_req_o      (),
    .im_addr_o     (),
    .im_rdata_i    (words),
    .dm_req_o      (dm_req),
    .dm_ready_i    (dm_ready_i),
    .dm_we_o       (dm_we),
    .dm_addr_o     (dm_addr),
    .dm_wdata_o    (dm_wdata),
    .dm_rdata_i    (dm_rdata_i),
    .cmd_valid_o   (cmd_valid),
    .cmd_ready_i   (cmd_ready_i && !cmd_fault_i),
    .cmd_fault_i   (cmd_fault_i && cmd_valid),
    .cmd_op_o      (cmd_op),
    .cmd_flags_o   (cmd_flags),
    .cmd_a_o       (cmd_a),
    .cmd_b_o       (cmd_b),
    .vec_valid_o   (vec_valid),
    .vec_word_o    (vec_word),
    .vec_x_o       (vec_x),
    .vec_room_i    (vec_room_i),
    .units_idle_i  (units_idle_i),
    .units_fault_i (units_fault_i),
    .ret_valid_o   (valid),
    .ret_order_o   (order),
    .ret_pc_o      (pc),
    .ret_word_o    (word),
    .ret_value_o   (value),
    .ret_a_o       (a),
    .ret_b_o       (b),
    .ret_address_o (ret_address),
    .ret_mask_o    (ret_mask),
    .dispatched_o      (dispatched),
    .dispatched_pc_o   (lane_pc),
    .dispatched_word_o (lane_word)
  );

  // What each channel must show.
  logic [CHANNELS*OPS-1:0] is;
  logic [CHANNELS-1:0]     writes, reads_a, reads_b, goes, in_order, vector;
  logic [CHANNELS*32-1:0]  result, next, target, address, data;
  logic [CHANNELS*4-1:0]   mask;
  logic [CHANNELS*12-1:0]  flags;

  for (genvar k = 0; k < CHANNELS; k++) begin : gen_spec
    formal_core_spec u_spec (
      .word_i     (word[32*k +: 32]),
      .pc_i       (pc[32*k +: 32]),
      .a_i        (a[32*k +: 32]),
      .b_i        (b[32*k +: 32]),
      .read_i     (dm_rdata_i),
      .id_i       (ID),
      .is_o       (is[OPS*k +: OPS]),
      .writes_o   (writes[k]),
      .reads_a_o  (reads_a[k]),
      .reads_b_o  (reads_b[k]),
      .goes_o     (goes[k]),
      .in_order_o (in_order[k]),
      .vector_o   (vector[k]),
      .result_o   (result[32*k +: 32]),
      .next_o     (next[32*k +: 32]),
      .target_o   (target[32*k +: 32]),
      .address_o  (address[32*k +: 32]),
      .mask_o     (mask[4*k +: 4]),
      .data_o     (data[32*k +: 32]),
      .flags_o    (flags[12*k +: 12])
    );
  end

  // The last accepted read of DMEM; cycles since the start.
  logic        read_q;
  logic [11:0] read_addr_q;
  logic [31:0] cycles_q;

  always_ff @(posedge clk_i) begin
    read_q      <= dm_req && dm_ready_i && (dm_we == '0);
    read_addr_q <= dm_addr;
    cycles_q    <= (time_q == 2'd3) ? cycles_q + 32'd1 : '0;
  end

  // Results and what is handed over, by channel.
  logic [CHANNELS-1:0] value_bad, load_bad, store_bad, command_bad, vector_bad, cycle_bad;

  function automatic logic [31:0] lanes(input logic [3:0] bytes);
    lanes = {{8{bytes[3]}}, {8{bytes[2]}}, {8{bytes[1]}}, {8{bytes[0]}}};
  endfunction

  function automatic logic [3:0] number(input logic [OPS-1:0] which);
    number = 4'd7;
    if (which[48]) number = 4'd0;
    if (which[49]) number = 4'd1;
    if (which[50]) number = 4'd2;
    if (which[51]) number = 4'd3;
    if (which[52]) number = 4'd8;
    if (which[53]) number = 4'd9;
    if (which[54]) number = 4'd10;
  endfunction

  for (genvar k = 0; k < CHANNELS; k++) begin : gen_channel
    logic [31:0] offset, wrong;
    assign offset       = address[32*k +: 32] - DMEM_BASE;
    assign value_bad[k] = (word[32*k + 7 +: 5] != '0) && (value[32*k +: 32] != result[32*k +: 32]);
    assign load_bad[k]  = value_bad[k] || !read_q || (read_addr_q != offset[13:2]) ||
                          (offset[31:14] != '0);
    assign cycle_bad[k] = value[32*k +: 32] > cycles_q;
    assign wrong        = (dm_wdata ^ data[32*k +: 32]) & lanes(mask[4*k +: 4]);
    assign store_bad[k] = (k != XrWp) || !dm_req || !dm_ready_i || (dm_we != mask[4*k +: 4]) ||
                          (dm_addr != offset[13:2]) || (offset[31:14] != '0) || (wrong != '0) ||
                          (ret_mask != dm_we) || (ret_address != address[32*k +: 32]) ||
                          (value[32*k +: 32] != dm_wdata);
    assign command_bad[k] = (k != XrWp) || !cmd_valid || !cmd_ready_i || cmd_fault_i ||
                            (cmd_op != number(is[OPS*k +: OPS])) ||
                            (cmd_flags != flags[12*k +: 12]) ||
                            (reads_a[k] && (cmd_a != a[32*k +: 32])) ||
                            (reads_b[k] && (cmd_b != b[32*k +: 32])) ||
                            (ret_address != cmd_a) || (value[32*k +: 32] != cmd_b);
    if (k >= XrWp) begin : gen_vector
      assign vector_bad[k] = !vec_valid[k - XrWp] ||
                             (vec_word[32*(k - XrWp) +: 32] != word[32*k +: 32]) ||
                             (reads_a[k] && (vec_x[32*(k - XrWp) +: 32] != a[32*k +: 32]));
    end else begin : gen_no_vector
      assign vector_bad[k] = 1'b1;
    end
  end

  logic [OPS-1:0] result_bad, result_cover;

  always_comb begin
    result_bad   = '0;
    result_cover = '0;
    for (int k = 0; k < CHANNELS; k++) begin
      for (int i = 0; i < OPS; i++) begin
        if (valid[k] && is[OPS*k + i]) begin
          result_cover[i] = 1'b1;
          if ((i >= 10) && (i <= 14))                            result_bad[i] = result_bad[i] || load_bad[k];
          else if ((i >= 15) && (i <= 17))                       result_bad[i] = result_bad[i] || store_bad[k];
          else if (i == 46)                                      result_bad[i] = result_bad[i] || cycle_bad[k];
          else if ((i <= 3) || ((i >= 18) && (i <= 44)) || (i == 47))
            result_bad[i] = result_bad[i] || value_bad[k];
          else if ((i >= 48) && (i <= 55))                       result_bad[i] = result_bad[i] || command_bad[k];
          else if (i >= 56)                                      result_bad[i] = result_bad[i] || vector_bad[k];
        end
      end
    end
  end

  // The instruction of order order_q, the next one, and what is before it.
  logic              this_q, this_d, next_seen_q, twice, no_loop_q, loop_word;
  logic [31:0]       leads_q, next_pc_q, this_pc_q;
  logic [OPS-1:0]    this_is_q;
  logic [CHANNELS-1:0] is_this, is_next, before;

  for (genvar k = 0; k < CHANNELS; k++) begin : gen_watch
    assign is_this[k] = valid[k] && (order[32*k +: 32] == 32'(order_q));
    assign is_next[k] = valid[k] && (order[32*k +: 32] == 32'(order_q) + 32'd1);
    assign before[k]  = valid[k] && (order[32*k +: 32] < 32'(order_q));
  end

  always_comb begin
    loop_word = 1'b0;
    for (int n = 0; n < FetchSize; n++) begin
      if ((words[32*n +: 7] == 7'b1111011) && (words[32*n + 12 +: 3] == 3'b011))
        loop_word = 1'b1;
    end
  end

  assign twice  = (is_this != '0) && (this_q || ((is_this & (is_this - CHANNELS'(1))) != '0));
  assign this_d = this_q || (is_this != '0);

  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      this_q      <= 1'b0;
      next_seen_q <= 1'b0;
      no_loop_q   <= 1'b1;
    end else begin
      this_q      <= this_d;
      next_seen_q <= next_seen_q || (is_next != '0);
      no_loop_q   <= no_loop_q && !loop_word;
    end
    for (int k = 0; k < CHANNELS; k++) begin
      if (is_this[k]) begin
        leads_q   <= next[32*k +: 32];
        this_pc_q <= pc[32*k +: 32];
        this_is_q <= is[OPS*k +: OPS];
      end
      if (is_next[k]) next_pc_q <= pc[32*k +: 32];
    end
  end

  logic [OPS-1:0] next_bad, next_cover;
  logic           carried_bad, carried_cover;

  formal_sequence #(
    .Xdpnum   (Xdpnum),
    .Channels (CHANNELS),
    .Ops      (OPS),
    .Id       (ID)
  ) u_sequence (
    .clk_i           (clk_i),
    .rst_ni          (rst_n),
    .order_i         (order_q),
    .no_loop_i       (no_loop_q),
    .dispatched_i    (dispatched),
    .lane_pc_i       (lane_pc),
    .lane_word_i     (lane_word),
    .valid_i         (valid),
    .retired_order_i (order),
    .pc_i            (pc),
    .word_i          (word),
    .next_i          (next),
    .next_bad_o      (next_bad),
    .next_cover_o    (next_cover),
    .carried_bad_o   (carried_bad),
    .carried_cover_o (carried_cover)
  );

  // A loop: the last s.loop before it, of more than no turns, and how many instructions in between
  // ended a turn of it. Every one in between has retired when as many have as there are numbers.
  logic        loop_q;
  logic [31:0] loop_order_q, loop_begin_q, loop_end_q, loop_turns_q;
  logic [5:0]  between_q, between, turned_q, turned;
  logic        loop_ends, this_goes_q, early_loop_q;

  always_comb begin
    between = between_q;
    turned  = turned_q;
    for (int k = 0; k < CHANNELS; k++) begin
      if (before[k] && loop_q && (order[32*k +: 32] > loop_order_q)) begin
        between = between + 6'd1;
        if (!goes[k] && (pc[32*k +: 32] + 32'd4 == loop_end_q)) turned = turned + 6'd1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      loop_q       <= 1'b0;
      between_q    <= '0;
      turned_q     <= '0;
      early_loop_q <= 1'b0;
    end else begin
      between_q <= between;
      turned_q  <= turned;
      // No instruction after s.loop is dispatched before it is executed.
      for (int k = 0; k < CHANNELS; k++) begin
        if (before[k] && is[OPS*k + 45]) begin
          loop_q       <= a[32*k +: 32] != '0;
          early_loop_q <= early_loop_q || loop_q || (a[32*k +: 32] == '0);
          loop_order_q <= order[32*k +: 32];
          loop_begin_q <= pc[32*k +: 32] + 32'd4;
          loop_end_q   <= target[32*k +: 32];
          loop_turns_q <= a[32*k +: 32];
          between_q    <= '0;
          turned_q     <= '0;
        end
      end
    end
    for (int k = 0; k < CHANNELS; k++) begin
      if (is_this[k]) this_goes_q <= goes[k];
    end
  end

  logic        loop_known, loop_cover, loop_bad;

  // Of one loop alone, entered once.
  assign loop_known = loop_q && !early_loop_q && this_q && next_seen_q &&
                      (32'(between_q) == 32'(order_q) - loop_order_q - 32'd1);
  assign loop_ends  = !this_goes_q && (this_pc_q + 32'd4 == loop_end_q);
  assign loop_cover = loop_known && loop_ends && (32'(turned_q) + 32'd1 < loop_turns_q);
  assign loop_bad   = loop_known && !this_is_q[45] &&
                      (next_pc_q != (loop_cover ? loop_begin_q : leads_q));

  // The register reg_q, as instructions before order_q leave it.
  logic        written_q, written, last_q, last;
  logic [31:0] writer_q, writer;
  logic [CHANNELS-1:0] hits, uses_a, uses_b;
  logic        used_a_q, used_b_q, a_bad, b_bad;

  for (genvar k = 0; k < CHANNELS; k++) begin : gen_register
    assign hits[k]   = before[k] && writes[k] && (word[32*k + 7 +: 5] == reg_q) && (reg_q != '0);
    assign uses_a[k] = is_this[k] && reads_a[k] && (word[32*k + 15 +: 5] == reg_q);
    assign uses_b[k] = is_this[k] && reads_b[k] && (word[32*k + 20 +: 5] == reg_q);
  end

  always_comb begin
    written = written_q;
    writer  = writer_q;
    last    = last_q;
    for (int k = 0; k < CHANNELS; k++) begin
      if (hits[k] && (!written || (order[32*k +: 32] > writer))) begin
        written = 1'b1;
        writer  = order[32*k +: 32];
        last    = value[32*k + 32'(bit_q)];
      end
    end
    a_bad = 1'b0;
    b_bad = 1'b0;
    for (int k = 0; k < CHANNELS; k++) begin  // what retires in this cycle is too late for it
      if (uses_a[k]) a_bad = a_bad || (a[32*k + 32'(bit_q)] != (written_q && last_q));
      if (uses_b[k]) b_bad = b_bad || (b[32*k + 32'(bit_q)] != (written_q && last_q));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      written_q <= 1'b0;
      used_a_q  <= 1'b0;
      used_b_q  <= 1'b0;
    end else begin
      written_q <= written;
      used_a_q  <= used_a_q || (uses_a != '0);
      used_b_q  <= used_b_q || (uses_b != '0);
    end
    writer_q <= writer;
    last_q   <= last;
  end

  // Order.
  logic [31:0] last_access_q, last_vector_q, access_max, vector_max, highest_q, highest, count_q, count;
  logic        access_q, vector_q, access_bad, access_cover, vector_bad_order, vector_cover, any_q;
  logic        illegal, zero_a, zero_b, zero_a_cover, zero_b_cover, first_bad, first_cover;

  always_comb begin
    access_max       = last_access_q;
    vector_max       = last_vector_q;
    highest          = highest_q;
    count            = count_q;
    access_bad       = 1'b0;
    access_cover     = 1'b0;
    vector_bad_order = 1'b0;
    vector_cover     = 1'b0;
    illegal          = 1'b0;
    zero_a           = 1'b0;
    zero_b           = 1'b0;
    zero_a_cover     = 1'b0;
    zero_b_cover     = 1'b0;
    first_bad        = 1'b0;
    first_cover      = 1'b0;
    for (int k = 0; k < CHANNELS; k++) begin
      if (valid[k]) begin
        count = count + 32'd1;
        if (order[32*k +: 32] > highest) highest = order[32*k +: 32];
        if (is[OPS*k +: OPS] == '0) illegal = 1'b1;
        if (in_order[k]) begin
          access_cover = access_cover || access_q;
          access_bad   = access_bad || (access_q && (order[32*k +: 32] <= last_access_q));
          if (order[32*k +: 32] > access_max) access_max = order[32*k +: 32];
        end
        if (in_order[k] || vector[k]) begin
          vector_cover     = vector_cover || (vector_q && vector[k]);
          vector_bad_order = vector_bad_order || (vector_q && (order[32*k +: 32] <= last_vector_q));
          if (order[32*k +: 32] > vector_max) vector_max = order[32*k +: 32];
        end
        if (reads_a[k] && (word[32*k + 15 +: 5] == '0)) begin
          zero_a_cover = 1'b1;
          zero_a       = zero_a || (a[32*k +: 32] != '0);
        end
        if (reads_b[k] && (word[32*k + 20 +: 5] == '0)) begin
          zero_b_cover = 1'b1;
          zero_b       = zero_b || (b[32*k +: 32] != '0);
        end
        if (order[32*k +: 32] == '0) begin
          first_cover = 1'b1;
          first_bad   = first_bad || (pc[32*k +: 32] != '0);
        end
      end
    end
  end

  // Progress and end.
  logic       fair_q, done_q, error_q, running;
  logic [4:0] quiet_q;

  assign running = (time_q == 2'd3) && !done;

  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      access_q <= 1'b0;
      vector_q <= 1'b0;
      any_q    <= 1'b0;
      count_q  <= '0;
      highest_q <= '0;
      fair_q   <= 1'b1;
      quiet_q  <= '0;
      done_q   <= 1'b0;
      error_q  <= 1'b0;
    end else begin
      access_q  <= access_q || ((valid & in_order) != '0);
      vector_q  <= vector_q || ((valid & (in_order | vector)) != '0);
      any_q     <= any_q || (valid != '0);
      count_q   <= count;
      highest_q <= highest;
      fair_q    <= fair_q && dm_ready_i && cmd_ready_i && !cmd_fault_i && (vec_room_i >= 6'(Vdpnum)) &&
                   units_idle_i && !units_fault_i;
      quiet_q   <= (running && (valid == '0)) ? quiet_q + 5'd1 : '0;
      done_q    <= done;
      error_q   <= error;
    end
    last_access_q <= rst_n ? access_max : '0;
    last_vector_q <= rst_n ? vector_max : '0;
  end

  logic [SPECIALS-1:0] special_bad, special_cover;
  logic                stores, loads, commands, hands;

  assign stores   = dm_req && dm_ready_i && (dm_we != '0);
  assign loads    = read_q;
  assign commands = cmd_valid && cmd_ready_i && !cmd_fault_i;
  assign hands    = vec_valid != '0;

  assign special_bad[0]    = a_bad;
  assign special_cover[0]  = (uses_a != '0) && written_q;
  assign special_bad[1]    = b_bad;
  assign special_cover[1]  = (uses_b != '0) && written_q;
  assign special_bad[2]    = (used_a_q || (uses_a != '0)) && (hits != '0);
  assign special_cover[2]  = used_a_q && (valid != '0);
  assign special_bad[3]    = (used_b_q || (uses_b != '0)) && (hits != '0);
  assign special_cover[3]  = used_b_q && (valid != '0);
  assign special_bad[4]    = zero_a;
  assign special_cover[4]  = zero_a_cover;
  assign special_bad[5]    = zero_b;
  assign special_cover[5]  = zero_b_cover;
  assign special_bad[6]    = twice;
  assign special_cover[6]  = this_q && (valid != '0);
  assign special_bad[7]    = access_bad;
  assign special_cover[7]  = access_cover;
  assign special_bad[8]    = vector_bad_order;
  assign special_cover[8]  = vector_cover;
  assign special_bad[9]    = illegal;
  assign special_cover[9]  = valid != '0;
  assign special_bad[10]   = first_bad;
  assign special_cover[10] = first_cover;
  assign special_bad[11]   = loop_bad;
  assign special_cover[11] = loop_cover;
  assign special_bad[12]   = fair_q && (32'(quiet_q) > PATIENCE);
  assign special_cover[12] = fair_q && (32'(quiet_q) > 1);
  assign special_bad[13]   = done && !error && (count_q != (any_q ? highest_q + 32'd1 : '0));
  assign special_cover[13] = done && !error && any_q;
  assign special_bad[14]   = (valid != '0) && ((time_q != 2'd3) || (done_q && !error_q));
  assign special_cover[14] = done_q && !error_q;
  assign special_bad[15]   = stores && !(valid[XrWp] && (is[OPS*XrWp + 15 +: 3] != '0));
  assign special_cover[15] = stores;
  assign special_bad[16]   = loads && !done && !(valid[0] && (is[10 +: 5] != '0));
  assign special_cover[16] = loads;
  assign special_bad[17]   = (commands && !(valid[XrWp] && (is[OPS*XrWp + 48 +: 8] != '0))) ||
                             ((vec_valid & ~valid[XrWp +: Vdpnum]) != '0);
  assign special_cover[17] = commands || hands;
  assign special_bad[18]   = (done_q && !done) || (error_q && !error);
  assign special_cover[18] = error_q;
  assign special_bad[19]   = carried_bad;
  assign special_cover[19] = carried_cover;

  assign bad_o   = rst_n ? {special_bad, next_bad, result_bad} : '0;
  assign cover_o = rst_n ? {special_cover, next_cover, result_cover} : '0;

endmodule
