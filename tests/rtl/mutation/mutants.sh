#!/bin/bash
# Mutants of modules in one netlist: Yosys's "mutate" makes a fixed sample of each module, and a number chooses one when
# the simulation starts (environment variable TCC_MUTANT; 0 or unset: none), so that one model serves them all.
# usage: mutants.sh RTL_DIR OUT TOP "Name=value ..." "file ..." "kept ..." MODULE ...
#   file    bench-only sources that Yosys reads too
#   kept    modules that stay source: Verilator reads them as they are
# Environment: MUTANTS (100 a module), SEED (1), STEP (the 1000 numbers of each module), WRAPPED=1: the top is instantiated
# with its parameters, which the netlist no longer has. BESIDE: modules that the wrapper needs besides.
# OUT.v: the netlist, for Verilator. OUT.il: the same with the choice as an input, for proofs. OUT.list: a line a mutant:
# module, number, where it is.
set -euo pipefail
rtl=$(cd "$1" && pwd) out=$2 top=$3 parameters=$4 files=$5 kept=$6
shift 6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$rtl"  # names of cells come from names of files, and the sample from the names

# synthesise SCRIPT: what Yosys says only matters when it fails.
synthesise() {
  yosys -q -p "$1" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

sources="" boxes="" set=""
for file in $(grep '[.]sv$' tcc.f); do
  if [[ " $kept " == *" ${file%.sv} "* ]]; then
    # Yosys sees its ports alone.
    { awk '/^module/ { inside = 1 } inside { print } inside && /^\);/ { exit }' "$file"; echo endmodule; } > "$work/$file"
    boxes+=" $work/$file"
  else sources+=" $file"
  fi
done
for p in $parameters; do set+="chparam -set ${p%%=*} ${p#*=} $top; "; done
[ -z "$boxes" ] || boxes="read_verilog -sv -lib -I. $boxes;"
synthesise "read_verilog -sv -I. $sources $files; $boxes $set hierarchy -check -top $top; proc; opt; wreduce; \
  memory; opt; opt_clean; write_rtlil $work/derived.il"

# $paramod...\module becomes module__1, module__2, ...
awk '
  function plain(name,   parts, n, base) {
    if (name !~ /^\$paramod/) return name
    if (name in named) return named[name]
    n = split(name, parts, "\\")
    base = name ~ /^\$paramod\$/ ? parts[n] : parts[2]
    return named[name] = "\\" base "__" ++count[base]
  }
  $1 == "module" { print "module", plain($2); next }
  $1 == "cell" { printf "  cell %s %s\n", plain($2), $3; next }
  { print }' "$work/derived.il" > "$work/plain.il"

# Assertions stay, but what serves only them is not mutated: the sample is made without them.
MUTANTS=${MUTANTS:-100} sample="" apply="" mutated="" first=1
for module in "$@"; do
  selection=$(sed -nE "s/^module .(${module}(__[0-9]+)?)\$/\1\/*/p" "$work/plain.il" | tr '\n' ' ')
  [ -n "$selection" ] || { echo "no module $module below $top" >&2; exit 1; }
  sample+="mutate -list $((MUTANTS + 20)) -seed ${SEED:-1} -ctrl mutant 16 $first -o $work/$module.all $selection; "
  mutated+="$selection"
  apply+="script $work/$module.ys; "
  first=$((first + ${STEP:-1000}))
done
synthesise "read_rtlil $work/plain.il; chformal -remove; opt_clean -purge; $sample"
for module in "$@"; do  # without those of a clock, which are no faults of what is written in the source
  awk -v most="$MUTANTS" '!/-port CLK/ && ++n <= most' "$work/$module.all" > "$work/$module.ys"
done
# Single bits between registers: what is no loop of bits must not look like one of words, since Verilator 5.006 does not
# simulate all such loops rightly.
fine="select $mutated t:*dff* %d; techmap; simplemap; select -clear; opt_clean; splitnets $mutated; splitnets -driver;"
synthesise "read_rtlil $work/plain.il; hierarchy -top $top; $apply write_rtlil $out.il; \
  $fine delete -port $top/mutant; write_verilog -noattr $work/netlist.v"

for module in "$@"; do
  awk -v m="$module" '{ print m, $5, substr($0, index($0, "-mode")) }' "$work/$module.ys"
done > "$out.list"

header=""
if [ "${WRAPPED:-0}" = 1 ]; then
  for p in $parameters; do header+="${header:+, }parameter ${p%%=*} = 0"; done
  header="#($header) "
fi
# A mutant may well select two cases at once: no error by itself, so not "parallel".
chosen='  reg [15:0] mutant; initial mutant = 16'"'"'($c("(std::getenv(\\"TCC_MUTANT\\") ? std::atoi(std::getenv(\\"TCC_MUTANT\\")) : 0)"));'
awk -v top="$top" -v header="$header" -v chosen="$chosen" '
  $1 == "module" { inside = index($2, top "(") == 1; if (inside) sub(/[(]/, " " header "(") }
  inside && /^  wire \[15:0\] mutant;$/ { print chosen; next }
  { sub(/ \/\/ synopsys parallel_case/, ""); print }' "$work/netlist.v" > "$out.v"
grep -q 'TCC_MUTANT' "$out.v"

for module in ${BESIDE:-} $kept; do echo "$rtl/$module.sv"; done > "$out.f"
echo "$out.v" >> "$out.f"
