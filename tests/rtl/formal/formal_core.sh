#!/bin/bash
# Bounded proofs of formal_core.sv by abc's bmc3 on Yosys's AIGER: every check separately, and that what it is about happens.
# usage: formal_core.sh RTL_DIR FETCH STANUM XDPNUM XR_WP VDPNUM [CHECK ...]
# LIST=1: prints the names of the checks and does nothing else.
# Environment: DEPTH (20 cycles), SECONDS_A_CHECK (600), LEAST_ENDED (95: as many must end). REFUTED=1: every named check
# must fail instead, which shows that it can (formal_core_planted.sh).
# A line a check; the last says PASS or FAIL. Exit status 0: nothing refuted, enough checks ended, all covers reached.
# Checks of where operands come from (reg_*, late_*) take a core whose integer results are any, and registers x0 to x3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
name=formal_core_$2_$3_$4_$5_$6
parameters="FetchSize=$2 Stanum=$3 Xdpnum=$4 XrWp=$5 Vdpnum=$6"
shift 6
depth=${DEPTH:-20}
seconds=${SECONDS_A_CHECK:-600}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

instructions=(lui auipc jal jalr beq bne blt bge bltu bgeu lb lh lw lbu lhu sb sh sw addi slti sltiu xori ori andi slli
  srli srai add sub sll slt sltu xor srl sra or and mul mulh mulhsu mulhu div divu rem remu s.loop s.cycle n.id t.wptr
  t.gemv t.add t.rd n.send n.recv n.radd s.wait v.lanes v.sfu v.ld v.st v.ldw v.splat v.swap)
specials=(reg_a reg_b late_a late_b zero_a zero_b unique accesses vectors legal first loop progress end silent writes
  reads commands halted)
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

# model NAME ALU PARAMETERS: every output of formal_core, registers without a reset starting with anything.
model() {
  local files=""
  for file in tcc_pkg tcc_noc_pkg tcc_isa_pkg tcc_core_pkg tcc_vec_pkg tcc_decode tcc_xrf tcc_pick tcc_window tcc_lsu \
    tcc_fetch tcc_loop tcc_dispatch tcc_results tcc_retire tcc_core; do
    files+=" $rtl/$file.sv"
  done
  local set=""
  for p in $3; do set+="chparam -set ${p%=*} ${p#*=} formal_core; "; done
  yosys -q -p "read_verilog -sv -formal -I$rtl $files $2 $here/formal_muldiv.sv $here/formal_core_spec.sv \
    $here/formal_core.sv; $set hierarchy -check -top formal_core; proc; flatten; chformal -remove; opt; memory -nomap; \
    memory_map; async2sync; dffunmap; opt -full; techmap; dffunmap; simplemap; opt_clean; abc -g AND -fast; opt_clean; \
    write_aiger $1.x.aig" > "$1.log" 2>&1 || { cat "$1.log"; exit 1; }
  yosys-abc -q "read_aiger $1.x.aig; logic; undc; strash; dc2; write_aiger $1.aig" > "$1.log"
}

# search MODEL OUTPUT: what bmc3 says of it, to the depth.
search() {
  yosys-abc -q "read_aiger $1.aig; cone -s -O $2; scleanup; bmc3 -F $depth -T $seconds" 2>&1 | tail -1
}

wanted=" $* "
all=$([ $# -eq 0 ] && echo 1 || echo 0)
model whole "$rtl/tcc_alu.sv" "$parameters"
model moves "$here/formal_alu.sv" "$parameters FewRegisters=1"

ran=0 ended=0 wrong=0 open=""
for i in "${!checks[@]}"; do
  check=${checks[$i]}
  [ "$check" = - ] && continue
  [ "$all" = 1 ] || [[ $wanted == *" $check "* ]] || continue
  of=whole
  case $check in reg_*|late_*) of=moves ;; esac
  begin=$SECONDS
  said=$(search $of "$i")
  ran=$((ran + 1))
  case $said in
    *"was asserted in frame"*) verdict="refuted: ${said#*asserted in }" ;;
    *"No output asserted in $depth frames"*) verdict="holds to depth $depth" ;;
    *) verdict="open: ${said%%. Resource*}" ;;
  esac
  covered=""
  if [ "${REFUTED:-0}" = 0 ]; then
    cover=$(search $of $((${#checks[@]} + i)))
    case $cover in
      *"was asserted in frame"*) covered=", happens" ;;
      *) covered=", NEVER HAPPENS"; wrong=$((wrong + 1)) ;;
    esac
  fi
  case $verdict in
    holds*) ended=$((ended + 1)); [ "${REFUTED:-0}" = 0 ] || wrong=$((wrong + 1)) ;;
    refuted*) ended=$((ended + 1)); [ "${REFUTED:-0}" = 1 ] || wrong=$((wrong + 1)) ;;
    open*) open+=" $check"; [ "${REFUTED:-0}" = 0 ] || wrong=$((wrong + 1)) ;;
  esac
  echo "$check: $verdict$covered ($((SECONDS - begin)) s)"
done

least=${LEAST_ENDED:-95}
[ "$all" = 1 ] || least=$ended
what="$ran checks, $ended ended at depth $depth, open:${open:- none}, wrong: $wrong"
if [ "$ran" -gt 0 ] && [ "$wrong" -eq 0 ] && [ "$ended" -ge "$least" ]; then
  echo "PASS $name: $what"
else
  echo "FAIL $name: $what"
  exit 1
fi
