# shellcheck shell=bash
# Measurements: series of numbers, their medians, and rows of what was measured beside what. Needs common.sh.

RESULTS=()

# Microseconds of the time of day.
now_us() {
    echo "${EPOCHREALTIME/./}"
}

# median <NUMBERS: of one number a line.
median() {
    sort -g | awk '{ n[NR] = $1 } END { if (NR == 0) exit 1; print NR % 2 ? n[(NR + 1) / 2] : (n[NR / 2] + n[NR / 2 + 1]) / 2 }'
}

# row NAME WHAT UNIT OURS [BESIDE NUMBER]: a line of the table; the ratio is ours to theirs.
row() {
    local name=$1 what=$2 unit=$3 ours=$4 beside=${5:-} theirs=${6:-}
    RESULTS+=("$(jq -nc --arg name "$name" --arg what "$what" --arg unit "$unit" --arg ours "$ours" --arg beside "$beside" --arg theirs "$theirs" \
        '{name: $name, what: $what, unit: $unit, skein: ($ours | tonumber)}
         + if $beside == "" then {} else {beside: $beside, other: ($theirs | tonumber), ratio: (($ours | tonumber) / ($theirs | tonumber))} end')")
    jq -r 'def fixed: if . >= 1000 then round else (. * 100 | round / 100) end | tostring;
        [.name, .what, (.skein | fixed) + " " + .unit, (if .beside then "\(.other | fixed) \(.unit)" else "-" end), (.beside // ""),
         (if .ratio then (.ratio | fixed) else "-" end)] | @tsv' <<<"${RESULTS[-1]}" \
        | awk -F '\t' '{ printf "%-14s %-44s %14s %14s %6s  %s\n", $1, $2, $3, $4, $6, $5 }'
}

table_head() {
    printf '%-14s %-44s %14s %14s %6s  %s\n' row measure skein other ratio beside
}

# write_results FILE: all rows, and the machine they are from.
write_results() {
    printf '%s\n' "${RESULTS[@]}" | jq -s --arg kernel "$(uname -r)" --argjson processors "$(nproc)" --arg commit \
        "$(git -C "$SKEIN_ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)" \
        '{kernel: $kernel, processors: $processors, commit: $commit, rows: .}' >"$1"
}
