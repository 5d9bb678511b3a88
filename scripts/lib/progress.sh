# shellcheck shell=bash
# Long steps: what they are doing now, how long they took, and the end of their output if they fail.

# with_progress LABEL LOG COMMAND…: the command's output goes to LOG; on a terminal its last line is shown as it changes,
# elsewhere (CI) every 15 seconds.
with_progress() {
    local label=$1 log=$2 started job status=0
    shift 2
    started=$(now_ms)
    mkdir -p "$(dirname "$log")"
    printf '==> %s\n' "$label"
    "$@" >"$log" 2>&1 </dev/null &
    job=$!
    show_progress "$job" "$log"
    wait "$job" || status=$?
    if [ "$status" != 0 ]; then
        printf '    failed after %s s; %s ends with:\n' "$(seconds_since "$started")" "$log" >&2
        tail -n "${PROGRESS_TAIL:-30}" "$log" >&2
        return "$status"
    fi
    printf '    done in %s s\n' "$(seconds_since "$started")"
}

# show_progress JOB LOG: until the job ends.
show_progress() {
    local job=$1 log=$2 shown_at line previous=
    shown_at=$(now_ms)
    while kill -0 "$job" 2>/dev/null; do
        sleep 0.2
        line=$(tail -c 400 "$log" | tr '\r' '\n' | grep -a -v '^ *$' | tail -n 1 | cut -c 1-110) || true
        if [ -t 1 ]; then
            printf '\r\033[K    %s' "$line"
        elif [ $(($(now_ms) - shown_at)) -ge 15000 ] && [ "$line" != "$previous" ]; then
            printf '    %s\n' "$line"
            shown_at=$(now_ms) previous=$line
        fi
    done
    [ ! -t 1 ] || printf '\r\033[K'
}
