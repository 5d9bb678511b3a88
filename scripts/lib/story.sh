# shellcheck shell=bash
# A demonstration as a list of steps: each shows its command, its output and the time it took, and is checked. Needs common.sh.

STEPS=0
FAILED_STEPS=0

# chapter TEXT
chapter() {
    printf '\n%s\n' "── $* "
}

# on HOST COMMAND…: runs a command as on that host, shown as a user would type it there.
# The output stays in OUTPUT; the result counts as a step.
on() {
    show_step 0 "$@"
}

# refused HOST COMMAND…: as `on`, for a command that must fail.
refused() {
    show_step 1 "$@"
}

show_step() {
    local expected=$1 host=$2 started status=0 took
    shift 2
    printf '\n%s$ %s\n' "$host" "$(shown_command "$@")"
    started=$(now_ms)
    OUTPUT=$("$SKEIN_ROOT/scripts/cluster" exec "$host" -- "$@" 2>&1) || status=$?
    took=$(($(now_ms) - started))
    [ -z "$OUTPUT" ] || printf '%s\n' "$OUTPUT" | sed 's/^/    /'
    if [ $((status != 0)) = "$expected" ]; then
        record_step ok "$took ms"
    else
        record_step FAILED "$took ms, exit status $status"
    fi
}

# check TEXT COMMAND…: something that must be true after the last step.
check() {
    local text=$1
    shift
    if "$@"; then record_step ok "$text"; else record_step FAILED "$text"; fi
}

record_step() {
    STEPS=$((STEPS + 1))
    [ "$1" = ok ] || FAILED_STEPS=$((FAILED_STEPS + 1))
    printf '    [%s] %s\n' "$1" "$2"
}

output_has() {
    grep -qE -- "$1" <<<"$OUTPUT"
}

output_lacks() {
    ! output_has "$1"
}

has_all() {
    local word
    for word in "$@"; do output_has "$word" || return 1; done
}

# on_quietly HOST COMMAND…: for checks, which show nothing.
on_quietly() {
    local host=$1
    shift
    "$SKEIN_ROOT/scripts/cluster" exec "$host" -- "$@" 2>/dev/null
}

# The hosts hear of a removal a moment after it is committed.
has_no_namespace() {
    [ -z "$(on_quietly "$1" ip netns list)" ]
}

# Words that a shell would split are quoted.
shown_command() {
    local word
    for word in "$@"; do
        if [[ $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]]; then printf '%s ' "$word"; else printf "'%s' " "$word"; fi
    done
}
