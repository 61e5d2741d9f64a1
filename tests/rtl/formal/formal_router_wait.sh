#!/bin/sh
# Unbounded proof of formal_router_wait.sv, bounded waiting of the router, by abc's pdr on Yosys's AIGER.
# usage: formal_router_wait.sh RTL_DIR [FIFO_DEPTH]. Without a depth it is every depth's: formal_any_fifo.sv takes the buffers' place.
# Exit status 0 proved, 1 refuted or undecided. PDR_SECONDS: 1500.
# REFUTED=1: exit status 0 where bmc3 refutes it instead (formal_router_planted.sh).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
. "$here/common.sh"
depth=${2:-any}
fifo=$rtl/tcc_fifo.sv set="chparam -set FifoDepth $depth formal_router;"
[ "$depth" != any ] || { fifo=$here/formal_any_fifo.sv; set=""; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
checker='  formal_router_wait u_wait (.clk_i, .rst_ni, .valid, .head, .tail, .route, .take, .owned, .illegal_turn, .out_valid_o, .out_ready_i);'
sed "s/^endmodule/$checker\nendmodule/" "$rtl/tcc_router.sv" > tcc_router.sv
# The checker's assertions alone: formal_router.sh proves the others.
yosys -q -p "read_verilog -sv -formal -I$rtl $rtl/tcc_noc_pkg.sv $fifo $here/formal_router_wait.sv \
  tcc_router.sv $here/formal_router.sv; $set prep -flatten -top formal_router; \
  chformal -assert -remove c:* c:*u_wait* %d; select -assert-count 3 t:\$assert; \
  memory_map; async2sync; dffunmap; setundef -zero -undriven; opt -full; techmap; dffunmap; simplemap; opt_clean; \
  abc -g AND -fast; opt_clean; write_aiger -zinit router.aig"
decide "formal_router_wait depth $depth" "at most 4 packets pass a waiting head"
