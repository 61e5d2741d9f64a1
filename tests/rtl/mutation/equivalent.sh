#!/bin/bash
# Whether a mutant does at every output what the module does, for any inputs, from registers of zero: abc on both, side by side.
# usage: equivalent.sh MUTANTS.il NUMBER SECONDS -mode M -module MODULE ...
# Exit status 0: proved. 1: a difference, or open.
set -euo pipefail
il=$(realpath "$1") number=$2 seconds=$3
shift 3
while [ "$1" != -module ]; do shift; done
module=$2
rtl=$(sed -n 's/^-y //p' "${il%.il}.f")
files=$(sed -n 's/[.]sv$/&/p' "$rtl/tcc.f" | sed "s|^|$rtl/|" | tr '\n' ' ')
ulimit -v 8000000  # KiB: what would be larger stays open
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# synthesise SCRIPT: Yosys on the module with all its mutants.
synthesise() {
  timeout $((60 + 4 * seconds)) yosys -q -p "read_rtlil $il; delete =A:blackbox; read_verilog -sv -I$rtl -nooverwrite $files; \
    hierarchy -check -top $module; proc; chformal -remove; $1" > log 2>&1 || { tail -3 log >&2; return 1; }
}
outside="expose -evert $module/t:*tcc_*"  # the instances inside are taken out: their ports become the module's

# The same next state and outputs in every state, reachable or not: the registers are cut. A second is enough, since nothing
# is optimised before, so that all registers are still there and in the same order.
same_step() {
  synthesise "$outside; delete -port $module/mutant; cd $module; memory -nordff; async2sync; dffunmap; techmap; dffunmap; \
    simplemap; opt_clean; cd ..; copy $module plain; copy $module mutated; \
    cd plain; connect -set mutant 16'd0; setundef -undriven -init -zero; aigmap; write_aiger plain.aig; cd ..; \
    cd mutated; connect -set mutant 16'd$number; setundef -undriven -init -zero; aigmap; write_aiger mutated.aig" || return 1
  yosys-abc -q "read_aiger plain.aig; comb; write_aiger plain.aig; read_aiger mutated.aig; comb; write_aiger mutated.aig; \
    cec -n -T $seconds plain.aig mutated.aig" > said 2>&1 || true
  grep -q 'Networks are equivalent' said
}

# proved INSIDE: with what is inside the module as the command INSIDE leaves it.
proved() {
  synthesise "$1; delete -port $module/mutant; \
    copy $module plain; copy $module mutated; delete $module; \
    cd plain; connect -set mutant 16'd0; cd ..; cd mutated; connect -set mutant 16'd$number; cd ..; \
    opt -full; memory -nordff; opt -full; async2sync; dffunmap; miter -equiv -flatten plain mutated both; hierarchy -top both; \
    opt -full; techmap; dffunmap; simplemap; opt_clean; setundef -undriven -init -zero; abc -g AND -fast; opt_clean; \
    write_aiger both.aig" || return 1
  timeout $((2 * seconds)) yosys-abc -q "read_aiger both.aig; strash; scorr; dc2; scorr; pdr -T $seconds" > said 2>&1 || true
  grep -q 'Property proved' said
}

# First with the instances taken out: if they get the same, whatever they answer, it does not matter what they are. A
# multiplier inside is then no obstacle.
same_step || proved "$outside; flatten" || proved flatten
