// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// The one assertion form that Verilator 5.006, Yosys 0.23 and yosys-smtbmc all read: an immediate assertion in a
// clocked process, off while in reset. clk_i and rst_ni must be in scope where the macro is used.
// The reset is in the sensitivity list because Verilator warns of a reset used both ways (SYNCASYNCNET).
`ifndef TCC_ASSERT_SVH
`define TCC_ASSERT_SVH

`define ASSERT(name, p) \
  always_ff @(posedge clk_i or negedge rst_ni) \
    if (rst_ni) name: assert (p);

`endif
