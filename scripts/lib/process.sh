# shellcheck shell=bash
# Processes recorded in files as "PID START-TIME", so that a recycled pid is never taken for ours.

# process_start PID: when it started, in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)).
process_start() {
    local stat=()
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
    # The second field is the command's name in parentheses and may hold spaces; the next is the state.
    read -ra stat <<<"${stat##*) }"
    [ "${stat[0]}" != Z ] || return 1
    echo "${stat[19]}"
}

# record_process FILE PID
record_process() {
    local start
    start=$(process_start "$2") || return 1
    echo "$2 $start" >"$1"
}

# recorded_process FILE: prints the pid if that very process still runs.
recorded_process() {
    local pid start
    read -r pid start 2>/dev/null <"$1" || return 1
    [ "$(process_start "$pid")" = "$start" ] || return 1
    echo "$pid"
}

# kill_recorded FILE [SIGNAL]: ends the process, waits until it is gone and forgets it. None is no error.
kill_recorded() {
    local pid
    if pid=$(recorded_process "$1"); then
        kill -s "${2:-KILL}" "$pid" 2>/dev/null || true
        until_true 15 not_running "$1" || { kill -s KILL "$pid" 2>/dev/null || true; until_true 5 not_running "$1"; } || {
            echo "process $pid of $1 does not end: does what it waits for stand still (ps shows T)? kill -CONT that" >&2
            return 1
        }
    fi
    rm -f "$1"
}

not_running() {
    ! recorded_process "$1" >/dev/null
}
