// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Loads and stores of the scalar core.
//
// Purpose      Checks an address, lays bytes and halves into the words of DMEM's narrow port, and
//              takes a loaded value out of its word.
// Protocol     Requests: valid/ready; a bad one (misaligned, or outside DMEM) is never accepted and
//              raises fault_o. A load's value is on load_* in the cycle after it was accepted.
//              Narrow port: a request is served in a cycle with dm_ready_i; the word that was read
//              is there in the next.
// Latency      1 cycle.
// Throughput   1 access a cycle.
// Assumes      dm_rdata_i holds the word of the last read in the cycle after it.
// Parameters   DMEM -> DmemKib; TagW: from STANUM.
module tcc_lsu #(
  parameter int DmemKib = 16,
  parameter int TagW = 1,
  localparam int WORD_AW = $clog2(DmemKib * 256)
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               clear_i,

  input  logic               valid_i,
  output logic               ready_o,
  input  logic               store_i,
  input  logic [2:0]         op_i,       // funct3
  input  logic [TagW-1:0]    tag_i,
  input  logic [31:0]        address_i,
  input  logic [31:0]        data_i,
  output logic               fault_o,

  output logic               load_valid_o,
  output logic [TagW-1:0]    load_tag_o,
  output logic [31:0]        load_value_o,

  output logic               dm_req_o,
  input  logic               dm_ready_i,
  output logic [3:0]         dm_we_o,    // by byte; 0: a read
  output logic [WORD_AW-1:0] dm_addr_o,
  output logic [31:0]        dm_wdata_o,
  input  logic [31:0]        dm_rdata_i
);

  localparam logic [31:0] DMEM_BYTES = 32'(DmemKib * 1024);

  logic        misaligned, outside;
  logic [31:0] offset;
  logic [1:0]  byte_in_word;

  assign offset       = address_i - tcc_core_pkg::DMEM_BASE;
  assign outside      = offset >= DMEM_BYTES;
  assign byte_in_word = address_i[1:0];

  always_comb begin
    case (op_i[1:0])
      2'd0:    misaligned = 1'b0;
      2'd1:    misaligned = byte_in_word[0];
      default: misaligned = byte_in_word != 2'd0;
    endcase
  end

  assign fault_o  = valid_i && (misaligned || outside);
  assign dm_req_o = valid_i && !fault_o;
  assign ready_o  = dm_ready_i && !fault_o;
  assign dm_addr_o = offset[WORD_AW+1:2];

  always_comb begin
    dm_we_o    = 4'b0000;
    dm_wdata_o = data_i;
    case (op_i[1:0])
      2'd0: begin
        dm_wdata_o = {4{data_i[7:0]}};
        if (store_i) dm_we_o = 4'b0001 << byte_in_word;
      end
      2'd1: begin
        dm_wdata_o = {2{data_i[15:0]}};
        if (store_i) dm_we_o = 4'b0011 << byte_in_word;
      end
      default: if (store_i) dm_we_o = 4'b1111;
    endcase
  end

  // The load whose word arrives.
  logic            load_q;
  logic [TagW-1:0] tag_q;
  logic [2:0]      op_q;
  logic [1:0]      byte_q;
  logic [31:0]     shifted;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) load_q <= 1'b0;
    else         load_q <= dm_req_o && dm_ready_i && !store_i && !clear_i;
  end

  always_ff @(posedge clk_i) begin
    if (dm_req_o && dm_ready_i) begin
      tag_q  <= tag_i;
      op_q   <= op_i;
      byte_q <= byte_in_word;
    end
  end

  assign load_valid_o = load_q;
  assign load_tag_o   = tag_q;
  assign shifted      = dm_rdata_i >> {byte_q, 3'd0};

  always_comb begin
    case (op_q)
      3'd0:    load_value_o = {{24{shifted[7]}}, shifted[7:0]};
      3'd1:    load_value_o = {{16{shifted[15]}}, shifted[15:0]};
      3'd4:    load_value_o = {24'd0, shifted[7:0]};
      3'd5:    load_value_o = {16'd0, shifted[15:0]};
      default: load_value_o = shifted;
    endcase
  end

endmodule
