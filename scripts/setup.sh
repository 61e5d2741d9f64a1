#!/bin/bash
# Installs everything that building and testing need, from Debian 12's packages. Returns at once when all are there.
set -euo pipefail

packages=(
  build-essential cmake ninja-build ccache pkg-config        # the build
  libprotobuf-dev protobuf-compiler libonnx-dev              # frontend, models
  libtorch-dev libopenblas0-pthread libopenblas-dev          # agents; LibTorch is slow on the reference BLAS
  libpagmo-dev libnlopt-cxx-dev                              # agents: classical searchers
  libeigen3-dev                                              # surrogate
  nlohmann-json3-dev libcereal-dev libcli11-dev libspdlog-dev libfmt-dev libtomlplusplus-dev libssl-dev
  libarchive-dev                                             # tensors in .npz, archives of tests
  openmpi-bin libopenmpi-dev                                 # sweeps over many machines, which alone need MPI
  verilator yosys berkeley-abc z3                            # the judges of the emitted RTL
  gcc-riscv64-unknown-elf qemu-user                          # the judges of assembler and instruction-set simulator, in tests
  texlive-latex-base texlive-latex-recommended texlive-pictures texlive-fonts-recommended lmodern poppler-utils  # tilewright paper
  python3                                                    # the example client of the gym, in a test
  clang libclang-rt-14-dev                                   # the fuzz target
  chromium                                                   # opens the page of 'tilewright explore', in a test
  libgtest-dev libbenchmark-dev clang-format clang-tidy xz-utils
)

# The page of 'tilewright explore' is bundled by Node.js 18 or newer, from wherever it was installed.
node_major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
if [ "${node_major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then packages+=(nodejs npm); fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: these packages are missing and neither root nor sudo is at hand: ${missing[*]}" >&2
    exit 2
  fi
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
