#!/bin/bash
# Shows that every check of formal_core.sh can fail: plants one bug after the other in a copy of the core, each with the
# checks that must refute it, and demands that together they are all of them.
# usage: formal_core_planted.sh RTL_DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
. "$here/common.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

alu="lui auipc jal addi slti sltiu xori ori andi slli srli srai add sub sll slt sltu xor srl sra or and"
muldiv="mul mulh mulhsu mulhu div divu rem remu"
loads="lb lh lw lbu lhu"
stores="sb sh sw"
commands="t.wptr t.gemv t.add t.rd n.send n.recv n.radd s.wait"
vectors="v.lanes v.sfu v.ld v.st v.ldw v.splat v.swap"
branches="beq bne blt bge bltu bgeu"

each() { local prefix=$1; shift; printf "$prefix.%s " "$@"; }

failed=0 plants=0 named=""
core="2 2 2 2 1"
# plant FILE SED CHECKS...: the sed expression must change the file.
plant() {
  local file=$1 change=$2
  shift 2
  changed "$rtl" "$work/rtl" "$file" "$change" || { failed=1; return; }
  plants=$((plants + 1)) named+=" $*"
  if REFUTED=1 DEPTH=16 SECONDS_A_CHECK=120 "$here/formal_core.sh" "$work/rtl" $core "$@" > "$work/log" 2>&1; then
    echo "refuted in $file, $change: $(tail -1 "$work/log")"
  else
    cat "$work/log"
    echo "FAIL not refuted: $file, $change"
    failed=1
  fi
}

plant tcc_core.sv 's/assign alu_result\[n\*32 +: 32\] = sum;/assign alu_result[n*32 +: 32] = sum ^ 32'"'"'d1;/' $(each result $alu)
plant tcc_core.sv 's/link_q          <= link_d;/link_q          <= link_d + 32'"'"'d4;/' result.jalr
plant tcc_results.sv 's/= product_i;/= product_i ^ 32'"'"'d1;/' $(each result $muldiv)
plant tcc_lsu.sv 's/assign shifted      = dm_rdata_i/assign shifted      = 32'"'"'d1 ^ dm_rdata_i/' $(each result $loads)
plant tcc_lsu.sv 's/dm_we_o = 4.b0001 << byte_in_word/dm_we_o = 4'"'"'b0010 << byte_in_word/' result.sb
plant tcc_lsu.sv 's/dm_we_o = 4.b0011 << byte_in_word/dm_we_o = 4'"'"'b0110 << byte_in_word/' result.sh
plant tcc_lsu.sv 's/assign dm_addr_o = offset/assign dm_addr_o = WORD_AW'"'"'(1) ^ offset/' result.sw
plant tcc_dispatch.sv 's/(a_is_id\[n\] ? id_i : cycle_i)/(a_is_id[n] ? cycle_i : id_i)/' result.n.id result.s.cycle
plant tcc_core.sv 's/assign cmd_op_o    = ls_op;/assign cmd_op_o    = ls_op ^ 4'"'"'d1;/' $(each result $commands)
plant tcc_window.sv 's/v_word_o\[n\*32 +: 32\]      = b_q\[s\];/v_word_o[n*32 +: 32]      = b_q[s] ^ 32'"'"'d128;/' $(each result $vectors)
plant tcc_fetch.sv 's/pc_q + 30.(take_i);/pc_q + 30'"'"'(take_i) + 30'"'"'(pc_q[1:0] == 2'"'"'d1);/' \
  $(each next $alu $muldiv $loads $stores $branches $commands $vectors s.cycle n.id s.loop | sed 's/next.jal //')
plant tcc_core.sv 's/assign target   = start/assign target   = 32'"'"'d4 ^ start/' next.jal next.jalr
plant tcc_core.sv 's/assign target   = start ? 32.d0/assign target   = start ? 32'"'"'d4/' first
plant tcc_xrf.sv 's/(result_tag_i\[k\*TagW +: TagW\] == tag_q\[r\])/1'"'"'b1/' reg_a reg_b
plant tcc_xrf.sv 's/known_o\[p\]             = .*/known_o[p]             = 1'"'"'b1;/' late_a late_b
plant tcc_decode.sv 's/        rd_o       = rd;/        rd_o       = (rd == 5'"'"'d0) ? 5'"'"'d1 : rd;/; s/  assign rs1    = word_i\[19:15\];/  assign rs1    = (word_i[19:15] == 5'"'"'d0) ? 5'"'"'d1 : word_i[19:15];/; s/  assign rs2    = word_i\[24:20\];/  assign rs2    = (word_i[24:20] == 5'"'"'d0) ? 5'"'"'d1 : word_i[24:20];/' zero_a zero_b
plant tcc_retire.sv 's/order_of_q\[lane_tag_i\[n\*TAG_W +: TAG_W\]\] <= order_q + 32.(n);/order_of_q[lane_tag_i[n*TAG_W +: TAG_W]] <= order_q;/' unique
plant tcc_retire.sv 's/<= lane_word_i\[n\*32 +: 32\];/<= lane_word_i[n*32 +: 32] ^ 32'"'"'d128;/' carried
core="2 3 1 1 1"  # two that wait for a third
plant tcc_pick.sv 's/if (in_order\[k\] \&\& order_open) begin/if (in_order[k] \&\& order_open \&\& ready[k]) begin/' accesses
plant tcc_pick.sv 's/if (vector\[k\] \&\& order_open) begin/if (vector[k] \&\& order_open \&\& ready[k]) begin/' vectors
core="2 2 2 2 1"
plant tcc_decode.sv 's/default: legal_o = 1.b0;/default: legal_o = 1'"'"'b1;/' legal
plant tcc_loop.sv 's/left_q <= turns_i - 32.d1;/left_q <= turns_i;/' loop
plant tcc_results.sv 's/assign product_taken_o = product_valid_i/assign product_taken_o = 1'"'"'b0 \&\& product_valid_i/' progress
plant tcc_core.sv 's/assign halt  = run_q \&\& !branch_wait_q \&\& !lost_q \&\& empty/assign halt  = run_q \&\& !branch_wait_q \&\& !lost_q/' end
plant tcc_core.sv 's/    .open_i      (run_q \&\&/    .open_i      (/; s/    .run_i      (run_q),/    .run_i      (1'"'"'b1),/; s/legal\[0\] \&\& halts/halts/' silent
plant tcc_lsu.sv 's/if (store_i) dm_we_o = 4.b1111/dm_we_o = 4'"'"'b1111/' writes
plant tcc_lsu.sv 's/else         load_q <= dm_req_o \&\& dm_ready_i/else         load_q <= dm_req_o \&\& dm_ready_i \&\& (op_i != 3'"'"'d5)/' reads
plant tcc_core.sv 's/assign cmd_valid_o = ls_valid \&\& ls_command;/assign cmd_valid_o = ls_valid;/' commands
plant tcc_core.sv 's/assign done_o  = done_q;/assign done_o  = done_q \&\& dm_ready_i;/' halted

for check in $(LIST=1 "$here/formal_core.sh" "$rtl" 1 1 1 1 1); do
  [[ "$named " == *" $check "* ]] || { echo "FAIL no planted bug for $check"; failed=1; }
done

if [ "$failed" = 0 ]; then
  echo "PASS formal_core_planted: $plants bugs, each refuted by the checks named for it"
else
  echo "FAIL formal_core_planted"
  exit 1
fi
