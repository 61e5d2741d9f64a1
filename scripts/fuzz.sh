#!/bin/bash
# fuzz.sh FOLDER SECONDS: builds the fuzz target with clang in FOLDER and runs it for so long, on all cores, from the corpus that is there.
# Exit status 0: nothing found. A finding lies in FOLDER as crash-*, timeout-* or oom-*.
set -euo pipefail
source_folder=$(cd "$(dirname "$0")/.." && pwd)
folder=$1
seconds=$2
cmake -G Ninja -S "$source_folder" -B "$folder" -DTILEWRIGHT_FUZZ=ON -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
  >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
cmake --build "$folder" --target fuzz_model fuzz_seeds >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
cd "$folder"
[ -d seeds ] || ./fuzz_seeds seeds
mkdir -p corpus
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
./fuzz_model -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -jobs="$(nproc)" -workers="$(nproc)" \
  -print_final_stats=1 corpus seeds >fuzz.out 2>&1 || { tail -n 60 fuzz-*.log fuzz.out; exit 1; }
grep -h 'stat::number_of_executed_units\|stat::new_units_added\|cov:' fuzz-*.log | tail -4
