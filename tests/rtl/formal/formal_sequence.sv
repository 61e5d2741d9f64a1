// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// What formal_core demands of the order of a program: every instruction is dispatched where the one
// before it leads, and retires with the number, pc and word that it was dispatched with.
module formal_sequence #(
  parameter int Xdpnum = 1,
  parameter int Channels = 2,
  parameter int Ops = 63,
  parameter logic [31:0] Id = 32'd0
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [5:0]             order_i,       // the number to look at, constant
  input  logic                   no_loop_i,     // no s.loop has been seen

  input  logic [Xdpnum-1:0]      dispatched_i,
  input  logic [Xdpnum*32-1:0]   lane_pc_i,
  input  logic [Xdpnum*32-1:0]   lane_word_i,

  // Retirement; next_i is where the instruction of a channel leads
  input  logic [Channels-1:0]    valid_i,
  input  logic [Channels*32-1:0] retired_order_i,
  input  logic [Channels*32-1:0] pc_i,
  input  logic [Channels*32-1:0] word_i,
  input  logic [Channels*32-1:0] next_i,

  output logic [Ops-1:0]         next_bad_o,    // by the instruction before
  output logic [Ops-1:0]         next_cover_o,
  output logic                   carried_bad_o,
  output logic                   carried_cover_o
);

  // Where each lane leads if it is no branch, jalr or s.loop.
  logic [Xdpnum*Ops-1:0] lane_is;
  logic [Xdpnum*32-1:0]  lane_next;
  logic [Xdpnum-1:0]     lane_waits;

  for (genvar n = 0; n < Xdpnum; n++) begin : gen_lane
    formal_core_spec u_spec (
      .word_i     (lane_word_i[32*n +: 32]),
      .pc_i       (lane_pc_i[32*n +: 32]),
      .a_i        (32'd0),
      .b_i        (32'd0),
      .read_i     (32'd0),
      .id_i       (Id),
      .is_o       (lane_is[Ops*n +: Ops]),
      .writes_o   (),
      .reads_a_o  (),
      .reads_b_o  (),
      .goes_o     (),
      .in_order_o (),
      .vector_o   (),
      .result_o   (),
      .next_o     (lane_next[32*n +: 32]),
      .target_o   (),
      .address_o  (),
      .mask_o     (),
      .data_o     (),
      .flags_o    ()
    );
    assign lane_waits[n] = lane_is[Ops*n + 3] || (lane_is[Ops*n + 4 +: 6] != '0) ||
                           lane_is[Ops*n + 45];
  end

  // The last that was dispatched, and where it leads; of a branch when it has retired. How many
  // were. And what was dispatched with number order_i.
  logic           prior_q, prior_waits_q, known_q;
  logic [31:0]    prior_leads_q, known_pc_q, known_word_q;
  logic [Ops-1:0] prior_is_q;
  logic [5:0]     entered_q;

  always_comb begin
    next_bad_o   = '0;
    next_cover_o = '0;
    for (int n = 0; n < Xdpnum; n++) begin
      for (int i = 0; i < Ops; i++) begin
        if (dispatched_i[n] && (no_loop_i || (i == 45))) begin
          if ((n == 0) ? (prior_q && prior_is_q[i]) : lane_is[Ops*((n > 0) ? n - 1 : 0) + i]) begin
            next_cover_o[i] = 1'b1;
            if (n == 0) next_bad_o[i] = prior_waits_q || (lane_pc_i[31:0] != prior_leads_q);
            else next_bad_o[i] = next_bad_o[i] || lane_waits[(n > 0) ? n - 1 : 0] ||
                               (lane_pc_i[32*n +: 32] != lane_next[32*((n > 0) ? n - 1 : 0) +: 32]);
          end
        end
      end
    end
    carried_bad_o   = 1'b0;
    carried_cover_o = 1'b0;
    for (int k = 0; k < Channels; k++) begin
      if ((valid_i[k] && (retired_order_i[32*k +: 32] == 32'(order_i)))) begin
        carried_cover_o = carried_cover_o || known_q;
        carried_bad_o = carried_bad_o || !known_q || (pc_i[32*k +: 32] != known_pc_q) ||
                      (word_i[32*k +: 32] != known_word_q);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      prior_q       <= 1'b0;
      prior_waits_q <= 1'b0;
      known_q      <= 1'b0;
      entered_q    <= '0;
    end else begin
      for (int k = 0; k < Channels; k++) begin
        if (valid_i[k] && prior_waits_q && (retired_order_i[32*k +: 32] == 32'(entered_q) - 32'd1)) begin
          prior_waits_q <= 1'b0;
          prior_leads_q <= next_i[32*k +: 32];
        end
      end
      for (int n = 0; n < Xdpnum; n++) begin
        if (dispatched_i[n]) begin
          prior_q       <= 1'b1;
          prior_waits_q <= lane_waits[n];
          prior_leads_q <= lane_next[32*n +: 32];
          prior_is_q    <= lane_is[Ops*n +: Ops];
          entered_q    <= entered_q + 6'(n + 1);  // lanes in order
          if (entered_q + 6'(n) == order_i) begin
            known_q      <= 1'b1;
            known_pc_q   <= lane_pc_i[32*n +: 32];
            known_word_q <= lane_word_i[32*n +: 32];
          end
        end
      end
    end
  end

endmodule
