#!/bin/bash
# clang-format on every C++ file but the generated C header, clang-tidy on those that changed since the commit given (default HEAD, with
# what is not committed yet). clang-tidy can't read LibTorch's headers as C++20, so agents/torch is left out, and
# the RTL benches compile only beside the model that Verilator makes for each.
set -euo pipefail
cd "$(dirname "$0")/.."
since=${1:-HEAD}
build=${BUILD:-build}

mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.cpp' '*.h' ':!rtl/tcc.h')
clang-format --dry-run --Werror "${sources[@]}"

changed=()
while read -r file; do
  case "$file" in agents/torch/* | tests/rtl/*_bench.cpp) continue ;; *.cpp) [ -f "$file" ] && changed+=("$file") ;; esac
done < <({ git diff --name-only "$since" -- 2>/dev/null || git ls-files; git ls-files --others --exclude-standard; } | sort -u)
if [ ${#changed[@]} -gt 0 ]; then
  printf '%s\n' "${changed[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p "$build"
fi
echo "lint: ${#sources[@]} files formatted, ${#changed[@]} checked"
