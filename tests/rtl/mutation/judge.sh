#!/bin/bash
# Judges a module's mutants (mutants.sh): a bench that fails, or takes far more time than without a mutant, kills one. What
# survives a short and a long run is proved equivalent (equivalent.sh) or counts as alive. Nothing is judged by a bench that
# was stopped from outside, or that does not pass any more without a mutant when all are done.
# usage: judge.sh MODULE MUTANTS BENCH SHORT LONG RESULTS
# Environment: SEARCH (60 s for a proof; 0: none), LEAST (95 killed of a hundred that are not equivalent).
# RESULTS/MODULE.tsv: the figures, then a line a survivor. Exit status 0: at least LEAST per cent are killed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
module=$1 mutants=$2 bench=$3 short=$4 long=$5 results=$6
mkdir -p "$results"
survivors=$(mktemp)
trap 'rm -f "$survivors"' EXIT

# run NUMBER SIZE SECONDS of processor time: the bench's exit status. It says on stderr what is wrong, and is stopped when it
# says so for the second time: nobody listens any more.
run() {
  local status=0
  { (ulimit -t "$3" -c 0; TCC_MUTANT=$1 exec timeout 3600 "$bench" "$2") 2>&1 > /dev/null | head -c 1 > /dev/null; } 2> /dev/null ||
    status=$?
  case $status in
    126 | 127 | 129 | 130 | 143) echo "FAIL $module: the bench was stopped or is not there (status $status)" >&2; exit 1 ;;
  esac
  return "$status"
}

# baseline SIZE: the bench must pass without a mutant; prints the processor time that a mutant gets.
baseline() {
  local TIMEFORMAT=%0U taken
  taken=$({ time run 0 "$1" 3600; } 2>&1) || { echo "FAIL $module: the bench fails without a mutant" >&2; return 1; }
  echo $((10 + 10 * (taken + 1)))
}

short_limit=$(baseline "$short")
long_limit=""
total=0 killed=0 later=0 equivalent=0
while read -r -u 3 number where; do
  total=$((total + 1))
  if ! run "$number" "$short" "$short_limit"; then killed=$((killed + 1)); continue; fi
  [ -n "$long_limit" ] || long_limit=$(baseline "$long")
  if ! run "$number" "$long" "$long_limit"; then killed=$((killed + 1)) later=$((later + 1)); continue; fi
  verdict=alive
  if [ "${SEARCH:-60}" -gt 0 ] && "$here/equivalent.sh" "$mutants.il" "$number" "${SEARCH:-60}" $where; then
    verdict=equivalent equivalent=$((equivalent + 1))
  fi
  printf '%s\t%s\t%s\n' "$number" "$verdict" "$where" | tee -a "$survivors"
done 3< "$mutants.list"

run 0 "$short" "$short_limit" || { echo "FAIL $module: the bench no longer passes without a mutant" >&2; exit 1; }
alive=$((total - killed - equivalent)) matter=$((total - equivalent))
{
  printf 'module\tmutants\tkilled\tin the long run\tequivalent\talive\n'
  printf '%s\t%d\t%d\t%d\t%d\t%d\n' "$module" $total $killed $later $equivalent $alive
  cat "$survivors"
} > "$results/$module.tsv"
echo "$module: $total mutants, $killed killed, $equivalent equivalent, $alive alive"
[ "$matter" -gt 0 ] && [ $((100 * killed)) -ge $((${LEAST:-95} * matter)) ]
