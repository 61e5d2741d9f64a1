#!/bin/sh
# Updates a second of SAC, ours beside Python PyTorch's, in one run: same sizes, batch, OpenBLAS
# kernel and threads, the two in turn so that both see the machine alike.
#   tests/bench/compare_updates.sh [BUILD_DIR] [EXPERTS] [ROUNDS]
# PYTHON names an interpreter with torch (python3-torch; the bench's need, not the product's).
# Python on two threads is given its best of BLAS, ATen or both on two: they get in each other's way.
set -eu
here=$(dirname "$0")
bench=${1:-$here/../../build}/bench_agent_update
experts=${2:-4}
rounds=${3:-5}
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${OPENBLAS_CORETYPE:-}" ]; then  # the kernel that the product asks for (agents/torch_loader)
  if grep -q avx512vl /proc/cpuinfo; then OPENBLAS_CORETYPE=SkylakeX; else OPENBLAS_CORETYPE=Haswell; fi
  export OPENBLAS_CORETYPE
fi
export OMP_WAIT_POLICY=passive  # waiting threads leave the core to whoever works

# ours NAME THREADS: milliseconds an update
ours() {
  OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=$2 "$bench" --benchmark_min_time=0.5 --benchmark_format=csv \
    --benchmark_filter="^BM_$1/experts:$experts/threads:$2/" 2>/dev/null |
    awk -F, '/^"BM_/ { print $3 }' >>"$work/$1-$2"
}
# theirs THREADS BLAS_THREADS ATEN_THREADS
theirs() {
  OPENBLAS_NUM_THREADS=$2 OMP_NUM_THREADS=$3 "$python" "$here/sac_update.py" --threads "$3" \
    --experts "$experts" --seconds 0.5 --repetitions 1 |
    sed 's/.*: \([0-9.]*\) ms.*/\1/' >>"$work/Python-$1-$2-$3"
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for round in $(seq "$rounds"); do
  theirs 1 1 1
  ours Fused 1
  ours LibTorch 1
  theirs 2 2 1
  theirs 2 1 2
  theirs 2 2 2
  ours Fused 2
  ours LibTorch 2
done

echo "experts $experts, batch 256, OpenBLAS $OPENBLAS_CORETYPE, medians of $rounds rounds"
for threads in 1 2; do
  python_ms=$(for f in "$work/Python-$threads"-*; do median "$f"; done | sort -g | head -1)
  echo "$threads thread(s): Python $python_ms ms"
  for name in LibTorch Fused; do
    ms=$(median "$work/$name-$threads")
    awk -v n="$name" -v ms="$ms" -v py="$python_ms" 'BEGIN {
      printf "  %-9s %7.3f ms  %6.1f updates/s  %.2f x Python\n", n, ms, 1000 / ms, py / ms }'
  done
done
OPENBLAS_NUM_THREADS=1 "$bench" --benchmark_min_time=0.3 \
  --benchmark_filter="^BM_(Replay|Noise)|^BM_(Fused|Agent)/experts:$experts/" 2>/dev/null
