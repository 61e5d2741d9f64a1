#!/bin/sh
# Unbounded proof of formal_router.sv by property-directed reachability (abc's pdr on Yosys's AIGER).
# usage: formal_router.sh RTL_DIR [FIFO_DEPTH]; some minutes. Exit status 0 proved, 1 refuted or undecided.
# REFUTED=1: exit status 0 where bmc3 refutes it instead (formal_router_planted.sh).
# DFLIT_WIDTH does not matter: no property depends on the payload beyond the header and two tag bits.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
. "$here/common.sh"
depth=${2:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
yosys -q -p "read_verilog -sv -formal -I$rtl $rtl/tcc_noc_pkg.sv $rtl/tcc_fifo.sv $rtl/tcc_router.sv \
  $here/formal_router.sv; chparam -set FifoDepth $depth formal_router; prep -flatten -top formal_router; \
  memory_map; async2sync; dffunmap; setundef -zero -undriven; opt -full; techmap; dffunmap; simplemap; opt_clean; \
  abc -g AND -fast; opt_clean; write_aiger -zinit router.aig"
decide "formal_router depth $depth" "every property holds"
