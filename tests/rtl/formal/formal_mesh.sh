#!/bin/bash
# Unbounded proof of formal_mesh.sv, no deadlock in an abstract mesh, by abc's pdr on Yosys's AIGER.
# usage: formal_mesh.sh RTL_DIR COLS ROWS DEPTH [BUG]. Exit status 0 proved, 1 refuted or undecided. PDR_SECONDS: 600.
# With a BUG (1 to 4, see formal_mesh.sv) the progress property alone is asserted, and exit status 0 means that it is refuted.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
cols=$2 rows=$3 depth=$4 bug=${5:-0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
only=""
[ "$bug" = 0 ] || only='chformal -assert -remove c:* c:*AProgress* %d; select -assert-count 1 t:$assert;'
yosys -q -p "read_verilog -sv -formal -I$rtl $rtl/tcc_noc_pkg.sv $here/formal_mesh.sv; chparam -set Cols $cols \
  -set Rows $rows -set Depth $depth -set Bug $bug formal_mesh; prep -flatten -top formal_mesh; $only \
  async2sync; dffunmap; setundef -zero -undriven; opt -full; techmap; dffunmap; simplemap; opt_clean; \
  abc -g AND -fast; opt_clean; write_aiger -zinit mesh.aig"
prove="pdr -T ${PDR_SECONDS:-600}"
[ "$bug" = 0 ] || prove="bmc3 -F 40 -T ${PDR_SECONDS:-600}"
yosys-abc -c "read_aiger mesh.aig; fold; print_stats; strash; scleanup; dc2; $prove" | tee log
name="formal_mesh ${cols}x$rows depth $depth"
if [ "$bug" != 0 ] && frame=$(grep -o 'asserted in frame [0-9]*' log); then
  echo "PASS $name, bug $bug: refuted, no progress ${frame#asserted }"
elif [ "$bug" = 0 ] && grep -q 'Property proved' log; then
  echo "PASS $name: a flit moves in every reachable state that holds one"
else
  echo "FAIL $name, bug $bug: not what was wanted"
  exit 1
fi
