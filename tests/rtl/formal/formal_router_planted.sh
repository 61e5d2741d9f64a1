#!/bin/bash
# Shows that the proofs of the router and of its buffers can fail: plants one bug after the other in a copy of it and demands that the proof
# named for it finds the bug.
# usage: formal_router_planted.sh RTL_DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$1" && pwd)
. "$here/common.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0 plants=0
# plant SCRIPT FILE SED WHAT: the sed expression must change the file.
plant() {
  changed "$rtl" "$work/rtl" "$2" "$3" || { failed=1; return; }
  plants=$((plants + 1))
  local begin=$SECONDS
  if REFUTED=1 PDR_SECONDS=300 sh "$here/$1" "$work/rtl" > "$work/log" 2>&1; then
    echo "$4: $(tail -1 "$work/log") ($((SECONDS - begin)) s)"
  else
    tail -5 "$work/log"
    echo "FAIL not refuted by $1: $4"
    failed=1
  fi
}

router=formal_router.sh fifo=formal_fifo.sh wait=formal_router_wait.sh
plant $router tcc_fifo.sv "s/assign in_ready_o = (count_q != .*/assign in_ready_o = 1'b1;/" "accepts a flit when full"
plant $router tcc_fifo.sv 's/assign push = in_valid_i \&\& in_ready_o \&\& !(pass \&\& out_ready_i);/assign push = in_valid_i \&\& in_ready_o;/' \
  "keeps a flit that passed through"
plant $router tcc_fifo.sv 's/if (pop) read_ptr_q <= (read_ptr_q == LAST) . .0 : read_ptr_q + PTR_W.(1);/if (pop \&\& !push) read_ptr_q <= (read_ptr_q == LAST) ? '"'0"' : read_ptr_q + PTR_W'"'"'(1);/' \
  "order swapped: reads again where it writes"
plant $router tcc_fifo.sv 's/assign pass = PassThrough \&\& empty;/assign pass = PassThrough \&\& (empty || (in_valid_i \&\& count_q == COUNT_W'"'"'(1)));/' \
  "a new flit overtakes a stored one"
plant $router tcc_router.sv 's/if (space) out_valid_q <= load;/out_valid_q <= load;/' "drops what its neighbour does not take"
plant $router tcc_router.sv 's/assign space = !out_valid_q || out_ready_i\[o\];/assign space = 1'"'b1"';/' "overwrites what its neighbour does not take"
plant $router tcc_router.sv 's/locked_q <= !load_tail;/locked_q <= 1'"'b0"';/' "lock released after the head"
plant $router tcc_router.sv 's/locked_q <= !load_tail;/locked_q <= 1'"'b1"';/' "lock kept after the tail"
plant $router tcc_router.sv 's/assign winner = locked_q ? owner_q : grant;/assign winner = locked_q ? owner_q : request;/' "grants two inputs"
plant $router tcc_noc_pkg.sv 's/else if (dst_y > y) route_xy\[PORT_SOUTH\]/else if (dst_y >= y) route_xy[PORT_SOUTH]/' "wrong route"
plant $router tcc_noc_pkg.sv 's/hdr_dst_y = COORD_W.(header >> 6)/hdr_dst_y = COORD_W'"'(header >> 18)"'/' "destination from the wrong field"
plant $fifo tcc_fifo.sv "s/assign in_ready_o = (count_q != .*/assign in_ready_o = 1'b1;/" "accepts an item when full"
plant $fifo tcc_fifo.sv 's/if (push) write_ptr_q <= (write_ptr_q == LAST)/if (push) write_ptr_q <= (write_ptr_q + PTR_W'"'(1)"' == LAST)/' \
  "wraps a place early"
plant $fifo tcc_fifo.sv 's/assign push = in_valid_i \&\& in_ready_o \&\& !(pass \&\& out_ready_i);/assign push = in_valid_i \&\& in_ready_o;/' \
  "keeps an item that passed through"
plant $fifo tcc_fifo.sv 's/assign pop = !empty \&\& out_ready_i;/assign pop = out_valid_o \&\& out_ready_i;/' "counts down when one passes through"
plant $wait tcc_router.sv 's/if (load_tail) turn_q <= .*/turn_q <= N'"'(1)"';/' "fixed priority"
plant $wait tcc_router.sv 's/if (load_tail) turn_q <= .*/if (load_tail) turn_q <= winner;/' "the one just served is first again"
plant $wait tcc_router.sv 's/assign load = space \&\& /assign load = space \&\& !(locked_q \&\& in_valid_i == '"'0"') \&\& /' "output idle although its packet is there"

if [ "$failed" = 0 ]; then
  echo "PASS formal_router_planted: $plants bugs, each refuted"
else
  echo "FAIL formal_router_planted"
  exit 1
fi
