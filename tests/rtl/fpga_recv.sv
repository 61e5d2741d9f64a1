// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The receive engine of the least tile's network interface behind few pins, for small FPGAs.
//
// Protocol     Each cycle shifts bit_i into what the engine is given, and what was taken of it out
//              of bit_o; with step_i what it gives is taken.
module fpga_recv (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic step_i,
  input  logic bit_i,
  output logic bit_o
);

  localparam int DFLIT = 64;
  localparam int VLEN = 128;
  localparam int DMEM_AW = 12;
  localparam int ROW_WORDS = VLEN / 32;
  localparam int ROW_AW = DMEM_AW - $clog2(ROW_WORDS);
  localparam int COORD_W = tcc_noc_pkg::COORD_W;
  localparam int CHANNEL_W = tcc_noc_pkg::CHANNEL_W;
  localparam int LENGTH_W = tcc_noc_pkg::LENGTH_W;

  typedef struct packed {
    logic                 cmd_valid, cmd_add;
    logic [COORD_W-1:0]   src_x, src_y;
    logic [CHANNEL_W-1:0] ch;
    logic [DMEM_AW-1:0]   addr;
    logic [LENGTH_W-1:0]  len;
    logic                 grant_ack, mem_gnt;
    logic [VLEN-1:0]      rdata;
    logic [DFLIT+1:0]     flit;
    logic                 valid;
  } given_t;

  typedef struct packed {
    logic                 cmd_ready, busy, done, err, grant_req;
    logic [COORD_W-1:0]   dst_x, dst_y, src_x, src_y;
    logic [CHANNEL_W-1:0] ch;
    logic                 grant_set, mem_req;
    logic [ROW_WORDS-1:0] we;
    logic [ROW_AW-1:0]    addr;
    logic [VLEN-1:0]      wdata;
    logic                 ready;
  } taken_t;

  given_t given_q;
  taken_t taken, taken_q;

  assign bit_o = taken_q.cmd_ready;  // the first of its bits

  always_ff @(posedge clk_i) begin
    given_q <= {given_q[$bits(given_q)-2:0], bit_i};
    taken_q <= step_i ? taken : {taken_q[$bits(taken_q)-2:0], 1'b0};
  end

  tcc_ni_recv #(
    .DflitWidth (DFLIT),
    .Vlen       (VLEN),
    .DmemAw     (DMEM_AW)
  ) u_recv (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .cmd_valid_i   (given_q.cmd_valid),
    .cmd_ready_o   (taken.cmd_ready),
    .cmd_add_i     (given_q.cmd_add),
    .cmd_src_x_i   (given_q.src_x),
    .cmd_src_y_i   (given_q.src_y),
    .cmd_ch_i      (given_q.ch),
    .cmd_addr_i    (given_q.addr),
    .cmd_len_i     (given_q.len),
    .busy_o        (taken.busy),
    .done_o        (taken.done),
    .err_o         (taken.err),
    .grant_req_o   (taken.grant_req),
    .grant_ack_i   (given_q.grant_ack),
    .grant_dst_x_o (taken.dst_x),
    .grant_dst_y_o (taken.dst_y),
    .grant_ch_o    (taken.ch),
    .grant_set_o   (taken.grant_set),
    .grant_src_x_o (taken.src_x),
    .grant_src_y_o (taken.src_y),
    .mem_req_o     (taken.mem_req),
    .mem_gnt_i     (given_q.mem_gnt),
    .mem_we_o      (taken.we),
    .mem_addr_o    (taken.addr),
    .mem_wdata_o   (taken.wdata),
    .mem_rdata_i   (given_q.rdata),
    .flit_i        (given_q.flit),
    .valid_i       (given_q.valid),
    .ready_o       (taken.ready)
  );

endmodule
