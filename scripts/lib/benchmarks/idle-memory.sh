# shellcheck shell=bash
# What an idle daemon keeps in memory.

bench_idle-memory() {
    row idle-memory "worker, resident" MB "$(resident_megabytes node-3 worker)"
    row idle-memory "controller, resident" MB "$(resident_megabytes node-0 controller)"
}

resident_megabytes() {
    local pid
    pid=$(part_pid "$(host_directory "$1")" "$2")
    on "$1" cat "/proc/$pid/status" | awk '/^VmRSS:/ { print $2 / 1024 }'
}
