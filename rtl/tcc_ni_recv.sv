// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// tcc_ni_recv: takes a granted packet out of the network and writes it to memory, or adds it to
// memory as binary32.
//
//   router --> word of the front flit --+---------------------------> memory write   RECV
//               memory read ------------+-> tcc_fp32_add --> sum_q -> memory write   RADD
//
// Protocol    cmd valid/ready; ready means idle. An accepted command first asks for a grant packet
//             to its source (grant_req_o until grant_ack_i) and then takes exactly one data packet.
//             A grant packet from the network is taken at once in any state (grant_set_o with its
//             source). done_o is high in the first idle cycle after a command; the message is in
//             memory by then. err_o is sticky: the packet's source, channel or length is not the
//             command's. A packet that is too long is dropped past the length. mem_req_o is
//             answered by mem_gnt_i in the same cycle, mem_rdata_i in the cycle after a granted
//             read.
// Latency     a word is written in the cycle its flit is first seen (RECV), 3 cycles later (RADD).
// Throughput  RECV one word a cycle, RADD one word in two cycles (one read and one write on the
//             same port).
// Order       words are added in the order of the commands, so a sum of several RADDs has one fixed
//             value.
//
// Paper parameters   DFLIT_WIDTH -> DflitWidth; DMEM -> DmemAw (log2 of the words)

`include "tcc_assert.svh"

module tcc_ni_recv #(
  parameter int unsigned DflitWidth = 64,
  parameter int unsigned DmemAw = 12
) (
  input logic clk_i,
  input logic rst_ni,

  // Command
  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  input  logic                              cmd_add_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_src_x_i,
  input  logic [  tcc_noc_pkg::COORD_W-1:0] cmd_src_y_i,
  input  logic [tcc_noc_pkg::CHANNEL_W-1:0] cmd_ch_i,
  input  logic [                DmemAw-1:0] cmd_addr_i,
  input  logic [ tcc_noc_pkg::LENGTH_W-1:0] cmd_len_i,
  output logic                              done_o,
  output logic                              err_o,

  // Grant to send to the source of the running command
  output logic                              grant_req_o,
  input  logic                              grant_ack_i,
  output logic [  tcc_noc_pkg::COORD_W-1:0] grant_dst_x_o,
  output logic [  tcc_noc_pkg::COORD_W-1:0] grant_dst_y_o,
  output logic [tcc_noc_pkg::CHANNEL_W-1:0] grant_ch_o,

  // Grant that arrived
  output logic                            grant_set_o,
  output logic [tcc_noc_pkg::COORD_W-1:0] grant_src_x_o,
  output logic [tcc_noc_pkg::COORD_W-1:0] grant_src_y_o,

  // Memory
  output logic              mem_req_o,
  input  logic              mem_gnt_i,
  output logic              mem_we_o,
  output logic [DmemAw-1:0] mem_addr_o,
  output logic [      31:0] mem_wdata_o,
  input  logic [      31:0] mem_rdata_i,

  // Router
  input  logic [DflitWidth+1:0] flit_i,
  input  logic                  valid_i,
  output logic                  ready_o
);

  localparam int unsigned WORDS = DflitWidth / 32;
  localparam int unsigned SLOT_W = $clog2(WORDS);
  localparam int unsigned LEN_W = tcc_noc_pkg::LENGTH_W;
  localparam logic [SLOT_W-1:0] LAST_SLOT = SLOT_W'(WORDS - 1);
  localparam bit HEAD_IS_FULL = (WORDS == 2);
  localparam logic [SLOT_W-1:0] FIRST_SLOT = HEAD_IS_FULL ? '0 : SLOT_W'(2);

  typedef enum logic [2:0] {
    IDLE,
    GRANT,  // asks for the grant packet
    WORD,  // RECV: write the word; RADD: read memory
    ADD,  // RADD: the adder takes the word, the sum before it is written
    DRAIN  // RADD: the last sum is written
  } state_e;

  state_e state_q;
  logic add_q, done_q, err_q;
  logic [tcc_noc_pkg::COORD_W-1:0] src_x_q, src_y_q;
  logic [tcc_noc_pkg::CHANNEL_W-1:0] ch_q;
  logic [LEN_W-1:0] len_q, left_q;
  logic [DmemAw-1:0] read_addr_q, write_addr_q;
  logic [SLOT_W-1:0] slot_q;
  logic first_q;  // the head flit has not been taken yet

  logic [tcc_noc_pkg::HDR_W-1:0] header;
  logic head, tail, is_grant, data_valid, mismatch;
  logic empty_flit, last_word, word_done, flit_done, packet_done;
  logic [DflitWidth-1:0] payload;
  logic [31:0] word;

  // RADD pipeline: read granted -> (read_q) adder input -> (added_q) adder output -> (sum_valid_q)
  // sum_q -> memory.
  logic read_q, added_q, sum_valid_q, sum_load, write_sum;
  logic [31:0] sum, sum_q;

  assign payload = flit_i[DflitWidth-1:0];
  assign header = flit_i[tcc_noc_pkg::HDR_W-1:0];
  assign head = flit_i[DflitWidth+1];
  assign tail = flit_i[DflitWidth];
  assign is_grant = valid_i && head && tcc_noc_pkg::hdr_is_grant(header);
  assign data_valid = valid_i && !is_grant;
  assign word = payload[{slot_q, 5'd0}+:32];

  // A flit without a word for us: a header alone, or what exceeds the length.
  assign empty_flit = (HEAD_IS_FULL && head) || left_q == '0;
  assign last_word = (slot_q == LAST_SLOT) || left_q == LEN_W'(1);

  always_comb begin
    mem_req_o = 1'b0;
    mem_we_o = 1'b1;
    unique case (state_q)
      WORD: begin
        mem_req_o = data_valid && !empty_flit;
        mem_we_o = !add_q;
      end
      ADD, DRAIN: mem_req_o = sum_valid_q;
      default: ;
    endcase
  end

  // RADD holds the word until the sum before it is written.
  assign word_done = (state_q == WORD) ? mem_req_o && mem_gnt_i && !add_q :
      (state_q == ADD) && (!sum_valid_q || mem_gnt_i);
  assign flit_done = (word_done && last_word) || (state_q == WORD && data_valid && empty_flit);
  assign packet_done = flit_done && tail;

  assign ready_o = is_grant || flit_done;
  assign mem_addr_o = mem_we_o ? write_addr_q : read_addr_q;
  assign mem_wdata_o = add_q ? sum_q : word;
  assign write_sum = sum_valid_q && mem_req_o && mem_we_o && mem_gnt_i;
  assign sum_load = added_q && (!sum_valid_q || write_sum);

  assign mismatch = tcc_noc_pkg::hdr_src_x(header) != src_x_q ||
      tcc_noc_pkg::hdr_src_y(header) != src_y_q || tcc_noc_pkg::hdr_channel(header) != ch_q ||
      tcc_noc_pkg::hdr_length(header) != len_q;

  assign cmd_ready_o = (state_q == IDLE);
  assign done_o = done_q;
  assign err_o = err_q;
  assign grant_req_o = (state_q == GRANT);
  assign grant_dst_x_o = src_x_q;
  assign grant_dst_y_o = src_y_q;
  assign grant_ch_o = ch_q;
  assign grant_set_o = is_grant;
  assign grant_src_x_o = tcc_noc_pkg::hdr_src_x(header);
  assign grant_src_y_o = tcc_noc_pkg::hdr_src_y(header);

  tcc_fp32_add u_add (
    .clk_i,
    .rst_ni,
    .en_i (read_q),
    .a_i  (mem_rdata_i),
    .b_i  (word),
    .sum_o(sum)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      done_q <= 1'b0;
      err_q <= 1'b0;
      read_q <= 1'b0;
      added_q <= 1'b0;
      sum_valid_q <= 1'b0;
    end else begin
      done_q <= 1'b0;
      unique case (state_q)
        IDLE: if (cmd_valid_i) state_q <= GRANT;
        GRANT: if (grant_ack_i) state_q <= WORD;
        WORD, ADD: begin
          if (packet_done) begin
            state_q <= add_q ? DRAIN : IDLE;
            done_q <= !add_q;
          end else if (word_done) begin
            state_q <= WORD;
          end else if (state_q == WORD && add_q && mem_req_o && mem_gnt_i) begin
            state_q <= ADD;
          end
        end
        DRAIN:
        if (!added_q && (!sum_valid_q || write_sum)) begin
          state_q <= IDLE;
          done_q <= 1'b1;
        end
        default: state_q <= IDLE;
      endcase
      if (flit_done && head && mismatch) err_q <= 1'b1;
      read_q <= mem_req_o && mem_gnt_i && !mem_we_o;
      added_q <= read_q || (added_q && !sum_load);
      sum_valid_q <= sum_load || (sum_valid_q && !write_sum);
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) begin
      add_q <= cmd_add_i;
      src_x_q <= cmd_src_x_i;
      src_y_q <= cmd_src_y_i;
      ch_q <= cmd_ch_i;
      len_q <= cmd_len_i;
      left_q <= cmd_len_i;
      read_addr_q <= cmd_addr_i;
      write_addr_q <= cmd_addr_i;
      slot_q <= FIRST_SLOT;
      first_q <= 1'b1;
    end else begin
      if (mem_req_o && mem_gnt_i && mem_we_o) write_addr_q <= write_addr_q + DmemAw'(1);
      if (mem_req_o && mem_gnt_i && !mem_we_o) read_addr_q <= read_addr_q + DmemAw'(1);
      if (word_done) begin
        left_q <= left_q - LEN_W'(1);
        slot_q <= (slot_q == LAST_SLOT) ? '0 : slot_q + SLOT_W'(1);
      end
      if (flit_done) first_q <= 1'b0;
    end
    if (sum_load) sum_q <= sum;
  end

  // Rendezvous: data comes only while the receive that granted it is running.
  `ASSERT(ADataIsGranted, !data_valid || state_q == WORD || state_q == ADD)
  `ASSERT(AHeadFirst, !(data_valid && (state_q == WORD || state_q == ADD)) || head == first_q)
  `ASSERT(ASumNotLost, !(read_q && added_q && !sum_load))
  `ASSERT(AWordHeld, state_q != ADD || data_valid)

endmodule
