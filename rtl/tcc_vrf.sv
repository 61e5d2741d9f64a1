// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Vector register file: 16 registers of VLEN bits in VrWp banks.
//
// Purpose      Register r lies in bank r mod VrWp; a bank has one write port. A file of that width
//              with as many free write ports can't be built; who writes what is tcc_vector's care.
// Protocol     Reads are combinational and show what was written up to the last cycle.
// Latency      1 cycle from a write to its read.
// Throughput   Reads reads, a write a bank a cycle.
// Assumes      write_reg_i of bank b is b modulo VrWp.
// Parameters   VLEN -> Vlen; VR_WP -> VrWp; Reads: three for each of VDPNUM.
`include "tcc_assert.svh"

module tcc_vrf #(
  parameter int Vlen = 128,
  parameter int VrWp = 1,
  parameter int Reads = 3,
  localparam int VREGS = tcc_vec_pkg::VREGS,
  localparam int VREG_W = tcc_vec_pkg::VREG_W
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic [Reads*VREG_W-1:0] read_reg_i,
  output logic [Reads*Vlen-1:0]   read_o,

  input  logic [VrWp-1:0]         write_i,
  input  logic [VrWp*VREG_W-1:0]  write_reg_i,
  input  logic [VrWp*Vlen-1:0]    write_data_i
);

  logic [VREGS*Vlen-1:0] value_q;

  for (genvar r = 0; r < VREGS; r++) begin : gen_register
    localparam int BANK = r % VrWp;

    always_ff @(posedge clk_i) begin
      if (write_i[BANK] && (write_reg_i[BANK*VREG_W +: VREG_W] == VREG_W'(r))) begin
        value_q[r*Vlen +: Vlen] <= write_data_i[BANK*Vlen +: Vlen];
      end
    end
  end

  for (genvar p = 0; p < Reads; p++) begin : gen_read
    assign read_o[p*Vlen +: Vlen] = value_q[Vlen * 32'(read_reg_i[p*VREG_W +: VREG_W]) +: Vlen];
  end

  logic own_banks;

  always_comb begin
    own_banks = 1'b1;
    for (int b = 0; b < VrWp; b++) begin
      if (write_i[b] && (32'(write_reg_i[b*VREG_W +: VREG_W]) % VrWp != b)) own_banks = 1'b0;
    end
  end

  `ASSERT(OwnBanks, own_banks)

endmodule
