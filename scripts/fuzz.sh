#!/bin/bash
# fuzz.sh FOLDER SECONDS: builds the fuzz target with clang in FOLDER and runs it for so long, on all cores, from the corpus that is there.
# fuzz.sh FOLDER SECONDS RUNS: that many runs with a fixed seed from the seeds alone, but no longer: the same every time.
# Exit status 0: nothing found. A finding lies in FOLDER as crash-*, timeout-* or oom-*.
set -euo pipefail
source_folder=$(cd "$(dirname "$0")/.." && pwd)
folder=$1
seconds=$2
runs=${3:-}
cmake -G Ninja -S "$source_folder" -B "$folder" -DTILEWRIGHT_SANITIZE=ON -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
  >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
cmake --build "$folder" --target fuzz_model fuzz_seeds >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
cd "$folder"
rm -rf seeds && ./fuzz_seeds seeds
options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1)
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
if [ -n "$runs" ]; then
  rm -rf fixed && mkdir fixed
  ./fuzz_model "${options[@]}" -seed=1 -runs="$runs" fixed seeds >fuzz-fixed.log 2>&1 || { tail -n 60 fuzz-fixed.log; exit 1; }
  grep 'stat::number_of_executed_units' fuzz-fixed.log
  exit 0
fi
mkdir -p corpus
./fuzz_model "${options[@]}" -jobs="$(nproc)" -workers="$(nproc)" corpus seeds >fuzz.out 2>&1 || {
  tail -n 60 fuzz-[0-9]*.log fuzz.out
  exit 1
}
grep -h 'stat::number_of_executed_units\|stat::new_units_added' fuzz-[0-9]*.log | tail -4
