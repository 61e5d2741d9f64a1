#!/bin/sh
# The results of judge.sh as a table of Markdown, in the order of the modules' names.
# usage: table.sh RESULTS
set -eu
echo '| module | mutants | killed | of these in the long run alone | equivalent | alive | killed of those not equivalent |'
echo '|---|---|---|---|---|---|---|'
for file in "$1"/*.tsv; do
  awk -F '\t' 'NR == 2 {
    printf "| `%s` | %d | %d | %d | %d | %d | %.1f %% |\n", $1, $2, $3, $4, $5, $6, 100 * $3 / ($2 > $5 ? $2 - $5 : 1)
  }' "$file"
done
