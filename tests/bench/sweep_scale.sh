#!/bin/bash
# Two workloads x all nodes x ten seeds, swept in every way: the merged bytes must be equal, and two processes at
# least 1.7 times as fast as one. Ends with status 1 when they are not. Wants two cores to itself, and mpirun.
#   tests/bench/sweep_scale.sh [BUILD_DIR] [AGENT]
# SEEDS (10), EPISODES (60), NODES (all), ROUNDS (3) and RATIO (1.7) may be set in the environment.
set -euo pipefail
here=$(dirname "$0")
build=$(realpath "${1:-$here/../../build}")
agent=${2:-random}
seeds=${SEEDS:-10} episodes=${EPISODES:-60} nodes=${NODES:-all} rounds=${ROUNDS:-3} ratio=${RATIO:-1.7}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

models=(llama-3.1-8b@high-performance smolvlm-256m@low-power)
sweep=("$build/tilewright" sweep "${models[@]}" --nodes "$nodes" --agent "$agent" --episodes "$episodes"
       --threads 1 --search-only)

# A sweep ends with 1 when some job has no feasible design, which is a result.
run() { "$@" >"$work/out" 2>"$work/err" || [ $? -eq 1 ] || { cat "$work/err" >&2; exit 2; }; }
merged() { cat "$1"/sweep*.csv "$1"/sweep*.tex | sha256sum | cut -c 1-16; }
seconds() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b - a }'; }

# timed NAME FOLDER COMMAND...: prints the merged hash, compares it with the first one's.
first=
timed() {
  local name=$1 folder=$2 start end
  shift 2
  start=$(date +%s.%N)
  run "$@"
  end=$(date +%s.%N)
  local hash verdict=same
  hash=$(merged "$folder")
  [ -n "$first" ] || first=$hash
  [ "$hash" = "$first" ] || { verdict=DIFFERENT; failed=1; }
  printf '%-34s %8s s  %s  %s\n' "$name" "$(seconds "$start" "$end")" "$hash" "$verdict"
}

# Kills a child of process $1 now and then, and says how many.
kill_children() {
  local kills=0
  while kill -0 "$1" 2>/dev/null; do
    sleep "0.$((RANDOM % 5 + 2))"
    mapfile -t children < <(ps -o pid= --ppid "$1")
    [ ${#children[@]} -gt 0 ] || continue
    kill -KILL "${children[RANDOM % ${#children[@]}]}" 2>/dev/null && kills=$((kills + 1))
  done
  echo "$kills" >"$work/kills"
}
sweep_with_kills() {
  "${sweep[@]}" --seeds "$seeds" --jobs 2 --retries 1000 -o "$work/killed" &
  local pid=$!
  kill_children "$pid" &
  local status=0
  wait "$pid" || status=$?
  wait
  return "$status"
}

echo "agent $agent, $episodes evaluations a job, $seeds seeds"
timed "1 process" "$work/1" "${sweep[@]}" --seeds "$seeds" --jobs 1 -o "$work/1"
jobs=$(($(wc -l <"$work/1/sweep.csv") - 1))
rm -rf "$work/1"/jobs
for n in 2 4; do
  timed "$n processes" "$work/$n" "${sweep[@]}" --seeds "$seeds" --jobs "$n" -o "$work/$n"
  rm -rf "$work/$n"/jobs
done
timed "2 processes, killed at random" "$work/killed" sweep_with_kills
for n in 2 3; do
  timed "mpirun, $n ranks" "$work/mpi$n" mpirun -np "$n" "${sweep[@]}" --seeds "$seeds" -o "$work/mpi$n"
  rm -rf "$work/mpi$n"/jobs
done
echo "$jobs jobs; $(cat "$work/kills") workers killed; $(grep -c missing "$work/1/sweep.csv" || true) without a result"
grep -q missing "$work/1/sweep.csv" && failed=1

# The least time of some rounds.
best() {
  for round in $(seq "$rounds"); do
    rm -rf "$work/t"
    local start end
    start=$(date +%s.%N)
    run "${sweep[@]}" --seeds 2 --jobs "$1" -o "$work/t"
    end=$(date +%s.%N)
    seconds "$start" "$end"
    echo
  done | sort -g | head -1
}
one=$(best 1)
two=$(best 2)
awk -v a="$one" -v b="$two" -v r="$ratio" 'BEGIN {
  printf "two seeds: 1 process %.1f s, 2 processes %.1f s: %.2f times, wanted %.2f\n", a, b, a / b, r
  exit a / b < r }' || failed=1
exit $failed
