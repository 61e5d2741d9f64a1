#!/bin/sh
# Unbounded proof of formal_fifo.sv for depths 1 to 4, passing through or not, by abc's pdr on Yosys's AIGER.
# usage: formal_fifo.sh RTL_DIR; seconds. Exit status 0 proved, 1 refuted or undecided.
# REFUTED=1: exit status 0 where bmc3 refutes the buffer of the router, depth 4, instead (formal_router_planted.sh).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# prove DEPTH PASS COMMAND: what abc says of it, in the file log.
prove() {
  yosys -q -p "read_verilog -sv -formal -I$rtl $rtl/tcc_fifo.sv $here/formal_fifo.sv; chparam -set Depth $1 \
    -set PassThrough $2 formal_fifo; prep -flatten -top formal_fifo; memory_map; async2sync; dffunmap; \
    setundef -zero -undriven; opt -full; techmap; dffunmap; simplemap; opt_clean; abc -g AND -fast; opt_clean; \
    write_aiger -zinit fifo.aig"
  yosys-abc -c "read_aiger fifo.aig; fold; strash; scleanup; dc2; $3" > log
}

if [ "${REFUTED:-0}" = 1 ]; then
  prove 4 1 "bmc3 -F 30 -T 300"
  grep -o 'was asserted in frame [0-9]*' log | sed 's/was asserted/refuted/' && exit 0
  echo "FAIL formal_fifo: not refuted"
  exit 1
fi
for depth in 1 2 3 4; do
  for pass in 0 1; do
    prove $depth $pass "pdr -T 300"
    if ! grep -q 'Property proved' log; then
      cat log
      echo "FAIL formal_fifo depth $depth, pass through $pass: refuted or undecided"
      exit 1
    fi
  done
done
echo "PASS formal_fifo: first in, first out at depths 1 to 4, in every reachable state"
