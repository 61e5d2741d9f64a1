# Sourced by the scripts beside it.

# decide WHAT MEANING: abc's pdr on router.aig, or with REFUTED=1 bmc3, which must refute it then. Prints the verdict; exit
# status 0 where it is what was wanted.
decide() {
  prove="pdr -T ${PDR_SECONDS:-1500}"
  [ "${REFUTED:-0}" = 0 ] || prove="bmc3 -F 30 -T ${PDR_SECONDS:-1500}"
  yosys-abc -c "read_aiger router.aig; fold; print_stats; strash; scleanup; dc2; $prove" | tee log
  if [ "${REFUTED:-0}" = 1 ]; then
    grep -o 'was asserted in frame [0-9]*' log | sed 's/was asserted/refuted/' && return 0
  elif grep -q 'Property proved' log; then
    echo "PASS $1: $2, in every reachable state"
    return 0
  fi
  echo "FAIL $1: not what was wanted (REFUTED=${REFUTED:-0})"
  return 1
}

# changed FROM TO FILE SED: a copy of the library in which the sed expression changed the file.
changed() {
  rm -rf "$2"
  cp -r "$1" "$2"
  sed -i "$4" "$2/$3"
  if cmp -s "$1/$3" "$2/$3"; then
    echo "FAIL nothing in $3 matches: $4"
    return 1
  fi
}
