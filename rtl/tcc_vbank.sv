// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Who writes a bank of vector registers.
//
// Purpose      Gives the bank's write port to a lane operation's result, which can't wait, else to a
//              row that was loaded, else to a special function's result.
// Protocol     A result is for this bank when its register modulo VrWp is Bank. load_taken_o,
//              sfu_taken_o: it is written.
// Latency      0 cycles.
// Throughput   1 write a cycle.
// Assumes      At most one lane operation's result is for this bank (tcc_vissue).
// Parameters   VLEN -> Vlen; VDPNUM -> Vdpnum; VR_WP -> VrWp; Bank: which of them.
module tcc_vbank #(
  parameter int Vlen = 128,
  parameter int Vdpnum = 1,
  parameter int VrWp = 1,
  parameter int Bank = 0,
  localparam int VREG_W = tcc_vec_pkg::VREG_W
) (
  input  logic [Vdpnum-1:0]        alu_valid_i,
  input  logic [Vdpnum*VREG_W-1:0] alu_vd_i,
  input  logic [Vdpnum*Vlen-1:0]   alu_result_i,
  input  logic                     load_valid_i,
  input  logic [VREG_W-1:0]        load_vd_i,
  input  logic [Vlen-1:0]          load_row_i,
  input  logic                     sfu_valid_i,
  input  logic [VREG_W-1:0]        sfu_vd_i,
  input  logic [Vlen-1:0]          sfu_result_i,

  output logic                     load_taken_o,
  output logic                     sfu_taken_o,
  output logic                     write_o,
  output logic [VREG_W-1:0]        vd_o,
  output logic [Vlen-1:0]          data_o
);

  logic alu, load, sfu;

  assign load         = load_valid_i && (32'(load_vd_i) % VrWp == Bank);
  assign sfu          = sfu_valid_i && (32'(sfu_vd_i) % VrWp == Bank);
  assign load_taken_o = load && !alu;
  assign sfu_taken_o  = sfu && !alu && !load;
  assign write_o      = alu || load || sfu;

  always_comb begin
    alu    = 1'b0;
    vd_o   = load ? load_vd_i : sfu_vd_i;
    data_o = load ? load_row_i : sfu_result_i;
    for (int n = 0; n < Vdpnum; n++) begin
      if (alu_valid_i[n] && (32'(alu_vd_i[VREG_W*n +: VREG_W]) % VrWp == Bank)) begin
        alu    = 1'b1;
        vd_o   = alu_vd_i[VREG_W*n +: VREG_W];
        data_o = alu_result_i[Vlen*n +: Vlen];
      end
    end
  end

endmodule
