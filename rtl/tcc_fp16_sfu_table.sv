// Copyright Tilewright authors. SPDX-License-Identifier: Apache-2.0
//
// Lines of the special functions: 64 segments each.
//
// Purpose      The coefficients of tcc_fp16_sfu, in whose header the sum c0 + c1 * dx stands. A few
//              segments of the reciprocals have a line for each half of dx.
// Protocol     Combinational.
// Latency      0 cycles.
// Throughput   1 a cycle.
// Assumes      function_i is one of the three. tests/rtl/sfu_table_bench.cpp makes every entry anew
//              from the functions and compares; run with "print" it writes them.
// Parameters   none.
module tcc_fp16_sfu_table (
  input  logic [tcc_vec_pkg::SFU_W-1:0] function_i,
  input  logic [5:0]                    segment_i,
  input  logic                          half_i,      // top bit of dx
  output logic [16:0]                   c0_o,
  output logic [7:0]                    c1_o
);

  logic [23:0] whole, line;

  always_comb begin
    case ({function_i, segment_i})
      {tcc_vec_pkg::SFU_EXP2, 6'd0}: whole = {16'd1, 8'd89};
      {tcc_vec_pkg::SFU_EXP2, 6'd1}: whole = {16'd714, 8'd90};
      {tcc_vec_pkg::SFU_EXP2, 6'd2}: whole = {16'd1435, 8'd91};
      {tcc_vec_pkg::SFU_EXP2, 6'd3}: whole = {16'd2164, 8'd92};
      {tcc_vec_pkg::SFU_EXP2, 6'd4}: whole = {16'd2903, 8'd93};
      {tcc_vec_pkg::SFU_EXP2, 6'd5}: whole = {16'd3647, 8'd94};
      {tcc_vec_pkg::SFU_EXP2, 6'd6}: whole = {16'd4400, 8'd95};
      {tcc_vec_pkg::SFU_EXP2, 6'd7}: whole = {16'd5162, 8'd96};
      {tcc_vec_pkg::SFU_EXP2, 6'd8}: whole = {16'd5929, 8'd98};
      {tcc_vec_pkg::SFU_EXP2, 6'd9}: whole = {16'd6712, 8'd98};
      {tcc_vec_pkg::SFU_EXP2, 6'd10}: whole = {16'd7498, 8'd99};
      {tcc_vec_pkg::SFU_EXP2, 6'd11}: whole = {16'd8288, 8'd101};
      {tcc_vec_pkg::SFU_EXP2, 6'd12}: whole = {16'd9092, 8'd102};
      {tcc_vec_pkg::SFU_EXP2, 6'd13}: whole = {16'd9911, 8'd102};
      {tcc_vec_pkg::SFU_EXP2, 6'd14}: whole = {16'd10728, 8'd104};
      {tcc_vec_pkg::SFU_EXP2, 6'd15}: whole = {16'd11559, 8'd105};
      {tcc_vec_pkg::SFU_EXP2, 6'd16}: whole = {16'd12401, 8'd106};
      {tcc_vec_pkg::SFU_EXP2, 6'd17}: whole = {16'd13250, 8'd107};
      {tcc_vec_pkg::SFU_EXP2, 6'd18}: whole = {16'd14107, 8'd108};
      {tcc_vec_pkg::SFU_EXP2, 6'd19}: whole = {16'd14973, 8'd110};
      {tcc_vec_pkg::SFU_EXP2, 6'd20}: whole = {16'd15851, 8'd111};
      {tcc_vec_pkg::SFU_EXP2, 6'd21}: whole = {16'd16738, 8'd111};
      {tcc_vec_pkg::SFU_EXP2, 6'd22}: whole = {16'd17632, 8'd113};
      {tcc_vec_pkg::SFU_EXP2, 6'd23}: whole = {16'd18537, 8'd114};
      {tcc_vec_pkg::SFU_EXP2, 6'd24}: whole = {16'd19452, 8'd116};
      {tcc_vec_pkg::SFU_EXP2, 6'd25}: whole = {16'd20378, 8'd117};
      {tcc_vec_pkg::SFU_EXP2, 6'd26}: whole = {16'd21309, 8'd119};
      {tcc_vec_pkg::SFU_EXP2, 6'd27}: whole = {16'd22262, 8'd119};
      {tcc_vec_pkg::SFU_EXP2, 6'd28}: whole = {16'd23218, 8'd120};
      {tcc_vec_pkg::SFU_EXP2, 6'd29}: whole = {16'd24183, 8'd122};
      {tcc_vec_pkg::SFU_EXP2, 6'd30}: whole = {16'd25162, 8'd123};
      {tcc_vec_pkg::SFU_EXP2, 6'd31}: whole = {16'd26146, 8'd125};
      {tcc_vec_pkg::SFU_EXP2, 6'd32}: whole = {16'd27154, 8'd124};
      {tcc_vec_pkg::SFU_EXP2, 6'd33}: whole = {16'd28154, 8'd127};
      {tcc_vec_pkg::SFU_EXP2, 6'd34}: whole = {16'd29178, 8'd127};
      {tcc_vec_pkg::SFU_EXP2, 6'd35}: whole = {16'd30205, 8'd131};
      {tcc_vec_pkg::SFU_EXP2, 6'd36}: whole = {16'd31247, 8'd132};
      {tcc_vec_pkg::SFU_EXP2, 6'd37}: whole = {16'd32305, 8'd133};
      {tcc_vec_pkg::SFU_EXP2, 6'd38}: whole = {16'd33368, 8'd135};
      {tcc_vec_pkg::SFU_EXP2, 6'd39}: whole = {16'd34449, 8'd135};
      {tcc_vec_pkg::SFU_EXP2, 6'd40}: whole = {16'd35537, 8'd137};
      {tcc_vec_pkg::SFU_EXP2, 6'd41}: whole = {16'd36637, 8'd139};
      {tcc_vec_pkg::SFU_EXP2, 6'd42}: whole = {16'd37746, 8'd141};
      {tcc_vec_pkg::SFU_EXP2, 6'd43}: whole = {16'd38872, 8'd142};
      {tcc_vec_pkg::SFU_EXP2, 6'd44}: whole = {16'd40007, 8'd144};
      {tcc_vec_pkg::SFU_EXP2, 6'd45}: whole = {16'd41152, 8'd146};
      {tcc_vec_pkg::SFU_EXP2, 6'd46}: whole = {16'd42323, 8'd146};
      {tcc_vec_pkg::SFU_EXP2, 6'd47}: whole = {16'd43495, 8'd148};
      {tcc_vec_pkg::SFU_EXP2, 6'd48}: whole = {16'd44683, 8'd150};
      {tcc_vec_pkg::SFU_EXP2, 6'd49}: whole = {16'd45885, 8'd151};
      {tcc_vec_pkg::SFU_EXP2, 6'd50}: whole = {16'd47094, 8'd154};
      {tcc_vec_pkg::SFU_EXP2, 6'd51}: whole = {16'd48323, 8'd155};
      {tcc_vec_pkg::SFU_EXP2, 6'd52}: whole = {16'd49561, 8'd157};
      {tcc_vec_pkg::SFU_EXP2, 6'd53}: whole = {16'd50813, 8'd159};
      {tcc_vec_pkg::SFU_EXP2, 6'd54}: whole = {16'd52083, 8'd160};
      {tcc_vec_pkg::SFU_EXP2, 6'd55}: whole = {16'd53367, 8'd161};
      {tcc_vec_pkg::SFU_EXP2, 6'd56}: whole = {16'd54658, 8'd164};
      {tcc_vec_pkg::SFU_EXP2, 6'd57}: whole = {16'd55964, 8'd166};
      {tcc_vec_pkg::SFU_EXP2, 6'd58}: whole = {16'd57291, 8'd167};
      {tcc_vec_pkg::SFU_EXP2, 6'd59}: whole = {16'd58629, 8'd169};
      {tcc_vec_pkg::SFU_EXP2, 6'd60}: whole = {16'd59979, 8'd171};
      {tcc_vec_pkg::SFU_EXP2, 6'd61}: whole = {16'd61346, 8'd173};
      {tcc_vec_pkg::SFU_EXP2, 6'd62}: whole = {16'd62730, 8'd174};
      {tcc_vec_pkg::SFU_EXP2, 6'd63}: whole = {16'd64122, 8'd177};
      {tcc_vec_pkg::SFU_RCP, 6'd0}: whole = {16'd63632, 8'd254};
      {tcc_vec_pkg::SFU_RCP, 6'd1}: whole = {16'd61680, 8'd245};
      {tcc_vec_pkg::SFU_RCP, 6'd2}: whole = {16'd59776, 8'd238};
      {tcc_vec_pkg::SFU_RCP, 6'd3}: whole = {16'd57936, 8'd230};
      {tcc_vec_pkg::SFU_RCP, 6'd4}: whole = {16'd56156, 8'd216};
      {tcc_vec_pkg::SFU_RCP, 6'd5}: whole = {16'd54400, 8'd218};
      {tcc_vec_pkg::SFU_RCP, 6'd6}: whole = {16'd52708, 8'd212};
      {tcc_vec_pkg::SFU_RCP, 6'd7}: whole = {16'd51072, 8'd204};
      {tcc_vec_pkg::SFU_RCP, 6'd8}: whole = {16'd49486, 8'd196};
      {tcc_vec_pkg::SFU_RCP, 6'd9}: whole = {16'd47906, 8'd196};
      {tcc_vec_pkg::SFU_RCP, 6'd10}: whole = {16'd46404, 8'd188};
      {tcc_vec_pkg::SFU_RCP, 6'd11}: whole = {16'd44928, 8'd184};
      {tcc_vec_pkg::SFU_RCP, 6'd12}: whole = {16'd43500, 8'd178};
      {tcc_vec_pkg::SFU_RCP, 6'd13}: whole = {16'd42096, 8'd174};
      {tcc_vec_pkg::SFU_RCP, 6'd14}: whole = {16'd40724, 8'd172};
      {tcc_vec_pkg::SFU_RCP, 6'd15}: whole = {16'd39404, 8'd166};
      {tcc_vec_pkg::SFU_RCP, 6'd16}: whole = {16'd38096, 8'd163};
      {tcc_vec_pkg::SFU_RCP, 6'd17}: whole = {16'd36846, 8'd156};
      {tcc_vec_pkg::SFU_RCP, 6'd18}: whole = {16'd35612, 8'd152};
      {tcc_vec_pkg::SFU_RCP, 6'd19}: whole = {16'd34400, 8'd150};
      {tcc_vec_pkg::SFU_RCP, 6'd20}: whole = {16'd33220, 8'd148};
      {tcc_vec_pkg::SFU_RCP, 6'd21}: whole = {16'd32072, 8'd144};
      {tcc_vec_pkg::SFU_RCP, 6'd22}: whole = {16'd30960, 8'd138};
      {tcc_vec_pkg::SFU_RCP, 6'd23}: whole = {16'd29856, 8'd137};
      {tcc_vec_pkg::SFU_RCP, 6'd24}: whole = {16'd28784, 8'd134};
      {tcc_vec_pkg::SFU_RCP, 6'd25}: whole = {16'd27712, 8'd136};
      {tcc_vec_pkg::SFU_RCP, 6'd26}: whole = {16'd26688, 8'd128};
      {tcc_vec_pkg::SFU_RCP, 6'd27}: whole = {16'd25720, 8'd120};
      {tcc_vec_pkg::SFU_RCP, 6'd28}: whole = {16'd24720, 8'd122};
      {tcc_vec_pkg::SFU_RCP, 6'd29}: whole = {16'd23760, 8'd120};
      {tcc_vec_pkg::SFU_RCP, 6'd30}: whole = {16'd22824, 8'd117};
      {tcc_vec_pkg::SFU_RCP, 6'd31}: whole = {16'd21904, 8'd114};
      {tcc_vec_pkg::SFU_RCP, 6'd32}: whole = {16'd21000, 8'd112};
      {tcc_vec_pkg::SFU_RCP, 6'd33}: whole = {16'd20104, 8'd112};
      {tcc_vec_pkg::SFU_RCP, 6'd34}: whole = {16'd19248, 8'd108};
      {tcc_vec_pkg::SFU_RCP, 6'd35}: whole = {16'd18404, 8'd105};
      {tcc_vec_pkg::SFU_RCP, 6'd36}: whole = {16'd17568, 8'd104};
      {tcc_vec_pkg::SFU_RCP, 6'd37}: whole = {16'd16752, 8'd102};
      {tcc_vec_pkg::SFU_RCP, 6'd38}: whole = {16'd15954, 8'd100};
      {tcc_vec_pkg::SFU_RCP, 6'd39}: whole = {16'd15172, 8'd98};
      {tcc_vec_pkg::SFU_RCP, 6'd40}: whole = {16'd14400, 8'd96};
      {tcc_vec_pkg::SFU_RCP, 6'd41}: whole = {16'd13632, 8'd96};
      {tcc_vec_pkg::SFU_RCP, 6'd42}: whole = {16'd12910, 8'd92};
      {tcc_vec_pkg::SFU_RCP, 6'd43}: whole = {16'd12184, 8'd90};
      {tcc_vec_pkg::SFU_RCP, 6'd44}: whole = {16'd11464, 8'd90};
      {tcc_vec_pkg::SFU_RCP, 6'd45}: whole = {16'd10768, 8'd87};
      {tcc_vec_pkg::SFU_RCP, 6'd46}: whole = {16'd10078, 8'd86};
      {tcc_vec_pkg::SFU_RCP, 6'd47}: whole = {16'd9400, 8'd86};
      {tcc_vec_pkg::SFU_RCP, 6'd48}: whole = {16'd8744, 8'd82};
      {tcc_vec_pkg::SFU_RCP, 6'd49}: whole = {16'd8090, 8'd81};
      {tcc_vec_pkg::SFU_RCP, 6'd50}: whole = {16'd7440, 8'd80};
      {tcc_vec_pkg::SFU_RCP, 6'd51}: whole = {16'd6816, 8'd79};
      {tcc_vec_pkg::SFU_RCP, 6'd52}: whole = {16'd6196, 8'd78};
      {tcc_vec_pkg::SFU_RCP, 6'd53}: whole = {16'd5590, 8'd76};
      {tcc_vec_pkg::SFU_RCP, 6'd54}: whole = {16'd4992, 8'd75};
      {tcc_vec_pkg::SFU_RCP, 6'd55}: whole = {16'd4404, 8'd73};
      {tcc_vec_pkg::SFU_RCP, 6'd56}: whole = {16'd3824, 8'd72};
      {tcc_vec_pkg::SFU_RCP, 6'd57}: whole = {16'd3252, 8'd72};
      {tcc_vec_pkg::SFU_RCP, 6'd58}: whole = {16'd2688, 8'd72};
      {tcc_vec_pkg::SFU_RCP, 6'd59}: whole = {16'd2152, 8'd68};
      {tcc_vec_pkg::SFU_RCP, 6'd60}: whole = {16'd1602, 8'd68};
      {tcc_vec_pkg::SFU_RCP, 6'd61}: whole = {16'd1064, 8'd68};
      {tcc_vec_pkg::SFU_RCP, 6'd62}: whole = {16'd544, 8'd64};
      {tcc_vec_pkg::SFU_RCP, 6'd63}: whole = {16'd32, 8'd64};
      {tcc_vec_pkg::SFU_RSQRT, 6'd0}: whole = {16'd63592, 8'd248};
      {tcc_vec_pkg::SFU_RSQRT, 6'd1}: whole = {16'd61680, 8'd236};
      {tcc_vec_pkg::SFU_RSQRT, 6'd2}: whole = {16'd59844, 8'd228};
      {tcc_vec_pkg::SFU_RSQRT, 6'd3}: whole = {16'd58092, 8'd216};
      {tcc_vec_pkg::SFU_RSQRT, 6'd4}: whole = {16'd56398, 8'd212};
      {tcc_vec_pkg::SFU_RSQRT, 6'd5}: whole = {16'd54784, 8'd203};
      {tcc_vec_pkg::SFU_RSQRT, 6'd6}: whole = {16'd53236, 8'd194};
      {tcc_vec_pkg::SFU_RSQRT, 6'd7}: whole = {16'd51744, 8'd186};
      {tcc_vec_pkg::SFU_RSQRT, 6'd8}: whole = {16'd50300, 8'd180};
      {tcc_vec_pkg::SFU_RSQRT, 6'd9}: whole = {16'd48920, 8'd172};
      {tcc_vec_pkg::SFU_RSQRT, 6'd10}: whole = {16'd47568, 8'd168};
      {tcc_vec_pkg::SFU_RSQRT, 6'd11}: whole = {16'd46278, 8'd162};
      {tcc_vec_pkg::SFU_RSQRT, 6'd12}: whole = {16'd45024, 8'd157};
      {tcc_vec_pkg::SFU_RSQRT, 6'd13}: whole = {16'd43814, 8'd152};
      {tcc_vec_pkg::SFU_RSQRT, 6'd14}: whole = {16'd42652, 8'd146};
      {tcc_vec_pkg::SFU_RSQRT, 6'd15}: whole = {16'd41516, 8'd142};
      {tcc_vec_pkg::SFU_RSQRT, 6'd16}: whole = {16'd40418, 8'd137};
      {tcc_vec_pkg::SFU_RSQRT, 6'd17}: whole = {16'd39344, 8'd140};
      {tcc_vec_pkg::SFU_RSQRT, 6'd18}: whole = {16'd38304, 8'd128};
      {tcc_vec_pkg::SFU_RSQRT, 6'd19}: whole = {16'd37316, 8'd124};
      {tcc_vec_pkg::SFU_RSQRT, 6'd20}: whole = {16'd36336, 8'd122};
      {tcc_vec_pkg::SFU_RSQRT, 6'd21}: whole = {16'd35392, 8'd118};
      {tcc_vec_pkg::SFU_RSQRT, 6'd22}: whole = {16'd34465, 8'd116};
      {tcc_vec_pkg::SFU_RSQRT, 6'd23}: whole = {16'd33568, 8'd112};
      {tcc_vec_pkg::SFU_RSQRT, 6'd24}: whole = {16'd32696, 8'd110};
      {tcc_vec_pkg::SFU_RSQRT, 6'd25}: whole = {16'd31850, 8'd104};
      {tcc_vec_pkg::SFU_RSQRT, 6'd26}: whole = {16'd31014, 8'd104};
      {tcc_vec_pkg::SFU_RSQRT, 6'd27}: whole = {16'd30208, 8'd101};
      {tcc_vec_pkg::SFU_RSQRT, 6'd28}: whole = {16'd29422, 8'd98};
      {tcc_vec_pkg::SFU_RSQRT, 6'd29}: whole = {16'd28648, 8'd96};
      {tcc_vec_pkg::SFU_RSQRT, 6'd30}: whole = {16'd27904, 8'd93};
      {tcc_vec_pkg::SFU_RSQRT, 6'd31}: whole = {16'd27168, 8'd88};
      {tcc_vec_pkg::SFU_RSQRT, 6'd32}: whole = {16'd25768, 8'd177};
      {tcc_vec_pkg::SFU_RSQRT, 6'd33}: whole = {16'd24418, 8'd168};
      {tcc_vec_pkg::SFU_RSQRT, 6'd34}: whole = {16'd23120, 8'd162};
      {tcc_vec_pkg::SFU_RSQRT, 6'd35}: whole = {16'd21888, 8'd154};
      {tcc_vec_pkg::SFU_RSQRT, 6'd36}: whole = {16'd20688, 8'd149};
      {tcc_vec_pkg::SFU_RSQRT, 6'd37}: whole = {16'd19548, 8'd142};
      {tcc_vec_pkg::SFU_RSQRT, 6'd38}: whole = {16'd18450, 8'd136};
      {tcc_vec_pkg::SFU_RSQRT, 6'd39}: whole = {16'd17376, 8'd135};
      {tcc_vec_pkg::SFU_RSQRT, 6'd40}: whole = {16'd16384, 8'd124};
      {tcc_vec_pkg::SFU_RSQRT, 6'd41}: whole = {16'd15392, 8'd122};
      {tcc_vec_pkg::SFU_RSQRT, 6'd42}: whole = {16'd14444, 8'd118};
      {tcc_vec_pkg::SFU_RSQRT, 6'd43}: whole = {16'd13532, 8'd114};
      {tcc_vec_pkg::SFU_RSQRT, 6'd44}: whole = {16'd12640, 8'd111};
      {tcc_vec_pkg::SFU_RSQRT, 6'd45}: whole = {16'd11792, 8'd106};
      {tcc_vec_pkg::SFU_RSQRT, 6'd46}: whole = {16'd10968, 8'd102};
      {tcc_vec_pkg::SFU_RSQRT, 6'd47}: whole = {16'd10160, 8'd101};
      {tcc_vec_pkg::SFU_RSQRT, 6'd48}: whole = {16'd9384, 8'd96};
      {tcc_vec_pkg::SFU_RSQRT, 6'd49}: whole = {16'd8632, 8'd94};
      {tcc_vec_pkg::SFU_RSQRT, 6'd50}: whole = {16'd7902, 8'd88};
      {tcc_vec_pkg::SFU_RSQRT, 6'd51}: whole = {16'd7184, 8'd90};
      {tcc_vec_pkg::SFU_RSQRT, 6'd52}: whole = {16'd6496, 8'd88};
      {tcc_vec_pkg::SFU_RSQRT, 6'd53}: whole = {16'd5824, 8'd84};
      {tcc_vec_pkg::SFU_RSQRT, 6'd54}: whole = {16'd5176, 8'd82};
      {tcc_vec_pkg::SFU_RSQRT, 6'd55}: whole = {16'd4544, 8'd79};
      {tcc_vec_pkg::SFU_RSQRT, 6'd56}: whole = {16'd3928, 8'd76};
      {tcc_vec_pkg::SFU_RSQRT, 6'd57}: whole = {16'd3324, 8'd75};
      {tcc_vec_pkg::SFU_RSQRT, 6'd58}: whole = {16'd2728, 8'd75};
      {tcc_vec_pkg::SFU_RSQRT, 6'd59}: whole = {16'd2164, 8'd72};
      {tcc_vec_pkg::SFU_RSQRT, 6'd60}: whole = {16'd1604, 8'd70};
      {tcc_vec_pkg::SFU_RSQRT, 6'd61}: whole = {16'd1064, 8'd68};
      {tcc_vec_pkg::SFU_RSQRT, 6'd62}: whole = {16'd534, 8'd66};
      {tcc_vec_pkg::SFU_RSQRT, 6'd63}: whole = {16'd16, 8'd64};
      default: whole = '0;
    endcase
    case ({function_i, segment_i, half_i})
      {tcc_vec_pkg::SFU_RCP, 6'd4, 1'b1}: line = {16'd56096, 8'd232};
      {tcc_vec_pkg::SFU_RCP, 6'd7, 1'b1}: line = {16'd51048, 8'd208};
      {tcc_vec_pkg::SFU_RCP, 6'd11, 1'b1}: line = {16'd44864, 8'd192};
      {tcc_vec_pkg::SFU_RSQRT, 6'd1, 1'b1}: line = {16'd61664, 8'd240};
      {tcc_vec_pkg::SFU_RSQRT, 6'd3, 1'b1}: line = {16'd58056, 8'd224};
      {tcc_vec_pkg::SFU_RSQRT, 6'd17, 1'b1}: line = {16'd39332, 8'd136};
      {tcc_vec_pkg::SFU_RSQRT, 6'd25, 1'b1}: line = {16'd31812, 8'd112};
      {tcc_vec_pkg::SFU_RSQRT, 6'd31, 1'b1}: line = {16'd27168, 8'd92};
      {tcc_vec_pkg::SFU_RSQRT, 6'd50, 1'b1}: line = {16'd7896, 8'd92};
      default: line = whole;
    endcase
  end

  assign c0_o = {1'b1, line[23:8]};
  assign c1_o = line[7:0];

endmodule
