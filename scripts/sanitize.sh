#!/bin/bash
# sanitize.sh FOLDER TARGET...: builds test executables with clang, the address and undefined-behaviour sanitizers in FOLDER
# and runs them. The first finding ends it with a failure.
set -euo pipefail
source_folder=$(cd "$(dirname "$0")/.." && pwd)
folder=$1
shift
cmake -G Ninja -S "$source_folder" -B "$folder" -DTILEWRIGHT_SANITIZE=ON -DCMAKE_C_COMPILER=clang \
  -DCMAKE_CXX_COMPILER=clang++ >"$folder.log" 2>&1 || {
  cat "$folder.log"
  exit 1
}
cmake --build "$folder" --target "$@"
# Whole networks take minutes there and reach no code that small ones do not.
export GTEST_FILTER="-*LightModels*:*ThirdParty*:*BuiltInModels*:*Stories*"
for target in "$@"; do
  ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 "$folder/$target" --gtest_brief=1
done
