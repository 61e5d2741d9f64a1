#!/bin/bash
# Mutants of a module in one netlist: Yosys's "mutate" makes a fixed sample, and a number chooses one when the simulation
# starts (environment variable TCC_MUTANT; 0 or unset: none), so that one model serves them all. Everything else stays source.
# usage: mutants.sh RTL_DIR OUT MODULE DUT "Name=value ..." TOP "between ..."
#   DUT, values  what a bench instantiates: from there the module gets its parameters
#   TOP          the module, or one above it if the module is there with several sets of parameters
#   between      modules between DUT and TOP, and between TOP and the module
# Environment: MUTANTS (100), SEED (1); WRAPPED=1: DUT is instantiated with its parameters.
# OUT.f: the netlist, OUT.v, in place of TOP, and the library, for Verilator. OUT.il: the netlist with the choice as an
# input, for proofs. OUT.list: a line a mutant: number, where it is.
set -euo pipefail
rtl=$(cd "$1" && pwd) out=$2 module=$3 dut=$4 values=$5 top=$6 between=$7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$rtl"  # names of cells come from names of files, and the sample from the names

# synthesise SCRIPT: what Yosys says only matters when it fails.
synthesise() {
  yosys -q -p "$1" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

# header FILE: from "module" to the end of its ports.
header() {
  awk '/^module/ { inside = 1 } inside { print } inside && /^\);/ { exit }' "$1"
}

packages="" sources="" boxes="" set=""
for file in $(grep '[.]sv$' tcc.f); do
  case " $module $dut $top $between " in
    *" ${file%.sv} "*) sources+=" $file" ;;
    *) case $file in
      *_pkg.sv) packages+=" $file" ;;
      *)
        { header "$file"; echo endmodule; } > "$work/$file"
        boxes+=" $work/$file"
        ;;
    esac ;;
  esac
done
for v in $values; do set+="chparam -set ${v%%=*} ${v#*=} $dut; "; done
synthesise "read_verilog -sv -I. $packages $sources; read_verilog -sv -lib -I. $boxes; $set \
  hierarchy -check -top $dut; write_rtlil $work/derived.il"

# $paramod...\module becomes module__1, module__2, ...; TOP keeps its name.
awk -v top="$top" '
  function plain(name,   parts, n, base) {
    if (name !~ /^\$paramod/) return name
    if (name in named) return named[name]
    n = split(name, parts, "\\")
    base = name ~ /^\$paramod\$/ ? parts[n] : parts[2]
    return named[name] = "\\" base (base == top && !count[base] ? "" : "__" (count[base] + 1)) substr("", ++count[base])
  }
  $1 == "module" { print "module", plain($2); next }
  $1 == "cell" { printf "  cell %s %s\n", plain($2), $3; next }
  { print }' "$work/derived.il" > "$work/plain.il"
if grep -q "^module .${top}__" "$work/plain.il"; then
  echo "$top has several sets of parameters below $dut" >&2
  exit 1
fi
mutated=$(sed -nE "s/^module .(${module}(__[0-9]+)?)\$/\1\/*/p" "$work/plain.il" | tr '\n' ' ')
[ -n "$mutated" ] || { echo "no module $module below $dut" >&2; exit 1; }

# Assertions stay, but what serves only them is not mutated, nor are clocks, which the source does not write.
synthesise "read_rtlil $work/plain.il; hierarchy -top $top; proc; opt; wreduce; memory; opt; opt_clean; \
  write_rtlil $work/prepared.il; chformal -remove; opt_clean -purge; \
  mutate -list $((${MUTANTS:-100} + 20)) -seed ${SEED:-1} -ctrl mutant 16 1 -o $work/all $mutated"
awk -v most="${MUTANTS:-100}" '!/-port CLK/ && ++n <= most' "$work/all" > "$work/apply"
awk '{ print $5, substr($0, index($0, "-mode")) }' "$work/apply" > "$out.list"

# Single bits between registers: what is no loop of bits must not look like one of words, since Verilator 5.006 does not
# simulate all such loops rightly; nor may a bit be read from an output's bus. (Multipliers, dividers and shifters, which have thousands of bits, are in none.)
synthesise "read_rtlil $work/prepared.il; hierarchy -top $top; script $work/apply; write_rtlil $out.il; \
  select -set all *; select @all t:*dff* %d t:\$mul %d t:\$div %d t:\$mod %d t:\$sh* %d; techmap; simplemap; \
  select -clear; opt_clean; iopadmap -bits -outpad mutant_output A:Y; splitnets; \
  delete -port $top/mutant; write_verilog -noattr $work/netlist.v"

# The source instantiates TOP with its parameters, which the netlist no longer has.
parameters=""
if [ "$top" != "$dut" ] || [ "${WRAPPED:-0}" = 1 ]; then
  for p in $(header "$top.sv" | sed -nE 's/^ *parameter .*[^A-Za-z0-9_]([A-Z][A-Za-z0-9]*) *=.*/\1/p'); do
    parameters+="${parameters:+, }parameter $p = 0"
  done
fi
# A mutant may well select two cases at once: no error by itself, so not "parallel".
chosen='  reg [15:0] mutant; initial mutant = 16'"'"'($c("(std::getenv(\\"TCC_MUTANT\\") ? std::atoi(std::getenv(\\"TCC_MUTANT\\")) : 0)"));'
awk -v top="$top" -v parameters="${parameters:+ #($parameters) }" -v chosen="$chosen" '
  $1 == "module" { inside = $2 == top || index($2, top "(") == 1; if (inside) sub(/[(]/, parameters "(") }
  inside && /^  wire \[15:0\] mutant;$/ { print chosen; next }
  { sub(/ \/\/ synopsys parallel_case/, ""); sub(/[{]0[{]1.b0[}][}]/, "\"\""); print }' "$work/netlist.v" > "$out.v"
grep -q 'TCC_MUTANT' "$out.v"
echo 'module mutant_output(input A, output Y); assign Y = A; endmodule' >> "$out.v"

{
  for file in $packages; do echo "$rtl/$file"; done
  echo "$out.v"
  [ "$top" = "$dut" ] || echo "$rtl/$dut.sv"
  printf '%s\n' "-y $rtl" "+libext+.sv"
} > "$out.f"
