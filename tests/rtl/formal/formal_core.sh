#!/bin/bash
# Bounded proofs of formal_core.sv by abc's bmc3 on Yosys's AIGER: every check, and that what it is about happens.
# usage: formal_core.sh RTL_DIR FETCH STANUM XDPNUM XR_WP VDPNUM [CHECK ...]
# LIST=1: prints the names of the checks and does nothing else.
# Environment: DEPTH (20 cycles), SECONDS_A_CHECK (600), LEAST_ENDED (95: as many must end). REFUTED=1: every named check
# must fail instead, which shows that it can (formal_core_planted.sh).
# A line a check; the last says PASS or FAIL. Exit status 0: nothing refuted, enough checks ended, all covers reached.
# Checks that are alike are asked together: the solver learns once what they share. Each is
# asked on a core without what it does not need: any results in place of the ALU's, any operands in place of the registers'.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
name=formal_core_$2_$3_$4_$5_$6
parameters="FetchSize=$2 Stanum=$3 Xdpnum=$4 XrWp=$5 Vdpnum=$6"
shift 6
depth=${DEPTH:-20}
seconds=${SECONDS_A_CHECK:-600}
most_seconds=3600  # of a group
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

instructions=(lui auipc jal jalr beq bne blt bge bltu bgeu lb lh lw lbu lhu sb sh sw addi slti sltiu xori ori andi slli
  srli srai add sub sll slt sltu xor srl sra or and mul mulh mulhsu mulhu div divu rem remu s.loop s.cycle n.id t.wptr
  t.gemv t.add t.rd n.send n.recv n.radd s.wait v.lanes v.sfu v.ld v.st v.ldw v.splat v.swap)
specials=(reg_a reg_b late_a late_b zero_a zero_b unique accesses vectors legal first loop progress end silent writes
  reads commands halted carried)
checks=()  # by output; "-" where an instruction has no result to check
for i in "${instructions[@]}"; do
  case $i in
    b[egln]*|s.loop) checks+=(-) ;;
    *) checks+=("result.$i") ;;
  esac
done
for i in "${instructions[@]}"; do checks+=("next.$i"); done
checks+=("${specials[@]}")
if [ "${LIST:-0}" = 1 ]; then
  printf '%s\n' "${checks[@]}" | grep -v '^-$'
  exit 0
fi

# Which checks go together, on which model: its first and last.
groups=(
  "values result.lui result.jalr" "values result.lb result.lhu" "values result.sb result.sw" "values result.addi result.and"
  "values result.mul result.remu" "values result.s.cycle result.s.wait" "values result.v.lanes result.v.swap"
  "values next.jalr next.bgeu" "moves next.lui next.jal" "moves next.lb next.remu" "moves next.s.cycle next.v.swap"
  "loops next.s.loop next.s.loop" "registers reg_a reg_b" "registers late_a late_b" "registers zero_a zero_b"
  "moves unique unique" "moves accesses vectors" "moves legal first" "loops loop loop" "registers progress progress"
  "moves end halted" "moves carried carried"
)

# What stands for integer units and registers in each model; which registers words name.
alu_of() { case $1 in moves|registers) echo "$here/formal_alu.sv" ;; *) echo "$rtl/tcc_alu.sv" ;; esac; }
xrf_of() { case $1 in values|moves) echo "$here/formal_xrf.sv" ;; *) echo "$rtl/tcc_xrf.sv" ;; esac; }
few_of() { case $1 in loops|registers) echo "FewRegisters=1" ;; esac; }

# The core with ports that show what is dispatched.
ports='  output logic [3:0] ret_mask_o,\n  output logic [Xdpnum-1:0] dispatched_o,\n'
ports+='  output logic [Xdpnum*32-1:0] dispatched_pc_o, dispatched_word_o'
shown='  assign dispatched_o = dispatch;\n  assign dispatched_pc_o = lane_pc;\n  assign dispatched_word_o = lane_word;'
sed "s/^  output logic .* ret_mask_o$/$ports/; s/^endmodule/$shown\nendmodule/" "$rtl/tcc_core.sv" > tcc_core.sv

# model NAME: its AIGER, if it is not there: every output of formal_core, registers without a reset starting with anything.
model() {
  [ ! -f "$1.aig" ] || return 0
  local files="" set=""
  for file in tcc_pkg tcc_noc_pkg tcc_isa_pkg tcc_core_pkg tcc_vec_pkg tcc_decode tcc_pick tcc_window tcc_lsu tcc_fetch \
    tcc_loop tcc_dispatch tcc_results tcc_retire; do
    files+=" $rtl/$file.sv"
  done
  for p in $parameters $(few_of "$1"); do set+="chparam -set ${p%=*} ${p#*=} formal_core; "; done
  yosys -q -p "read_verilog -sv -formal -I$rtl $files $(alu_of "$1") $(xrf_of "$1") $here/formal_muldiv.sv \
    $here/formal_core_spec.sv $here/formal_sequence.sv tcc_core.sv $here/formal_core.sv; \
    $set hierarchy -check -top formal_core; proc; flatten; \
    chformal -remove; opt; memory -nomap; memory_map; async2sync; dffunmap; opt -full; techmap; dffunmap; simplemap; \
    opt_clean; abc -g AND -fast; opt_clean; write_aiger $1.x.aig" > "$1.log" 2>&1 || { cat "$1.log"; exit 1; }
  yosys-abc -q "read_aiger $1.x.aig; logic; undc; strash; dc2; write_aiger $1.aig" > "$1.log"
}

# search MODEL FIRST COUNT SECONDS: what bmc3 says of these outputs, to the depth.
search() {
  yosys-abc -q "read_aiger $1.aig; cone -s -O $2 -R $3; scleanup; bmc3 -F $depth -T $4" 2>&1 | tail -1
}

ran=0 ended=0 wrong=0 open=""
# Of the core as it is, whether what a check is about happens.
happens=" "
if [ "${REFUTED:-0}" = 0 ]; then
  model whole
  happens+=$(yosys-abc -q "read_aiger whole.aig; cone -s -O ${#checks[@]} -R ${#checks[@]}; scleanup; bmc3 -a -x -F $depth" |
    sed -n 's/^Output *\([0-9]*\) was asserted.*/\1/p' | tr '\n' ' ')
fi

# verdict OUTPUT TEXT SECONDS: notes what is known of a check.
verdict() {
  local check=${checks[$1]} covered=""
  ran=$((ran + 1))
  case $2 in
    refuted*) ended=$((ended + 1)); [ "${REFUTED:-0}" = 1 ] || wrong=$((wrong + 1)) ;;
    holds*) ended=$((ended + 1)); [ "${REFUTED:-0}" = 0 ] || wrong=$((wrong + 1)) ;;
    *) open+=" $check"; [ "${REFUTED:-0}" = 0 ] || wrong=$((wrong + 1)) ;;
  esac
  if [ "${REFUTED:-0}" = 0 ]; then
    covered=", happens"
    [[ $happens == *" $1 "* ]] || { covered=", NEVER HAPPENS"; wrong=$((wrong + 1)); }
  fi
  echo "$check: $2$covered ($3)"
}

# said TEXT: a verdict from bmc3's last line.
said() {
  case $1 in
    *"was asserted in frame"*) echo "refuted: ${1#*asserted in }" ;;
    *"No output asserted in $depth frames"*) echo "holds to depth $depth" ;;
    *) echo "open: ${1%%. Resource*}" ;;
  esac
}

# ask MODEL FIRST LAST: together, and if one fails each alone.
ask() {
  model "$1"
  local begin=$SECONDS count=$(($3 - $2 + 1)) limit text
  limit=$((count * seconds < most_seconds ? count * seconds : most_seconds))
  text=$(said "$(search "$1" "$2" "$count" "$limit")")
  if [[ $text == refuted* && $count -gt 1 ]]; then
    for i in $(seq "$2" "$3"); do ask "$1" "$i" "$i"; done
    return
  fi
  for i in $(seq "$2" "$3"); do
    [ "${checks[$i]}" = - ] || verdict "$i" "$text" "$((SECONDS - begin)) s for $count"
  done
}

index() {
  for i in "${!checks[@]}"; do [ "${checks[$i]}" != "$1" ] || echo "$i"; done
}
wanted=" $* "
for group in "${groups[@]}"; do
  read -r model first last <<< "$group"
  if [ $# -eq 0 ]; then
    ask "$model" "$(index "$first")" "$(index "$last")"
    continue
  fi
  for i in $(seq "$(index "$first")" "$(index "$last")"); do
    [[ $wanted != *" ${checks[$i]} "* ]] || ask "$model" "$i" "$i"
  done
done

least=${LEAST_ENDED:-95}
[ $# -eq 0 ] || least=$ended
what="$ran checks, $ended ended at depth $depth, open:${open:- none}, wrong: $wrong"
if [ "$ran" -gt 0 ] && [ "$wrong" -eq 0 ] && [ "$ended" -ge "$least" ]; then
  echo "PASS $name: $what"
else
  echo "FAIL $name: $what"
  exit 1
fi
