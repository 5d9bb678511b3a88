# shellcheck shell=bash
# The frame of the files in Tests/Scenarios: each file brings up one cluster, runs its scenarios on it and takes it down. Each scenario
# prints "ok - NAME" or "not ok - NAME" with the end of what it said.
#
#   . "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
#   cluster_up --hosts 3 --store etcd
#   scenario "a sentence (lesson N)" function
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for library in process hosts engines certificates parts networks; do
    # shellcheck source=/dev/null
    . "$SKEIN_LIB/$library.sh"
done

SCENARIO_FILE=$(basename "$0" .sh)
CLUSTER_DIR=$SKEIN_ROOT/.build/scenarios/$SCENARIO_FILE
SCENARIO_LOGS=$SKEIN_ROOT/.build/log/scenario-$SCENARIO_FILE
export SKEIN_CLUSTER_DIR=$CLUSTER_DIR SKEIN_CONFIGURATION=${SKEIN_CONFIGURATION:-debug}

# MARK: The cluster

# The machines that run these are shared and may stand still for longer than the second that a store has to answer. A file whose scenarios are
# about that second sets the flags itself.
PATIENT_FLAGS="--cluster-store-opt kv.timeout=10"

# cluster_up ARGUMENT…: as scripts/cluster up; what an earlier run left is removed first, and everything at the end of the file.
cluster_up() {
    local controller_flags=
    # A store in the controller's own process has no such bound.
    [[ $* != *"--store etcd"* ]] || controller_flags=$PATIENT_FLAGS
    "$SKEIN_ROOT/scripts/cluster" down
    trap 'cluster_down' EXIT
    SKEIN_WORKER_FLAGS=${SKEIN_WORKER_FLAGS-$PATIENT_FLAGS} SKEIN_CONTROLLER_FLAGS=${SKEIN_CONTROLLER_FLAGS-$controller_flags} \
        "$SKEIN_ROOT/scripts/cluster" up "$@"
    load_settings
    export CLUSTER_PATH
}

# The logs of the parts outlive the cluster.
cluster_down() {
    local log
    rm -rf "$SCENARIO_LOGS"
    mkdir -p "$SCENARIO_LOGS"
    for log in "$CLUSTER_DIR"/node-*/*.log; do
        [ ! -f "$log" ] || cp "$log" "$SCENARIO_LOGS/$(basename "$(dirname "$log")")-$(basename "$log")"
    done
    [ ! -f "$CLUSTER_DIR/asked-again" ] || sed 's/^/note: asked again: /' "$CLUSTER_DIR/asked-again"
    "$SKEIN_ROOT/scripts/cluster" down
}

# on HOST COMMAND…
on() {
    local host=$1
    shift
    on_host "$(host_directory "$host")" PATH="$CLUSTER_PATH" "$@"
}

kill_part() {
    kill_on_host "$(host_directory "$1")" "$(canonical_part "$1" "$2")"
}

# suspend HOST PART: it stands still until it is resumed.
suspend() {
    on "$1" kill -STOP "$(part_pid "$(host_directory "$1")" "$(canonical_part "$1" "$2")")"
}

# resume HOST PART: and the nsenter(1) that waits for it on this machine, which stands still with its child.
resume() {
    local pid
    on "$1" kill -CONT "$(part_pid "$(host_directory "$1")" "$(canonical_part "$1" "$2")")"
    for pid in $(ps -eo pid=,stat=,args= | awk -v host="$(host_pid "$(host_directory "$1")")" \
        '$2 ~ /^T/ && $3 == "nsenter" && $5 == host { print $1 }'); do
        kill -CONT "$pid"
    done
}

# start_again HOST PART: and waits until it serves.
start_again() {
    start_part "$1" "$(canonical_part "$1" "$2")"
    await_part "$1" "$(canonical_part "$1" "$2")"
}

# MARK: Scenarios

# scenario NAME FUNCTION: the function runs in a shell of its own, ends at the first command that fails, and tells what went wrong.
scenario() {
    local name=$1 function=$2 log started status=0
    log=$CLUSTER_DIR/scenario.log
    mkdir -p "$CLUSTER_DIR"
    started=$(now_ms)
    set +e
    (
        set -eE
        trap 'echo "line $LINENO: $BASH_COMMAND"' ERR
        "$function"
    ) >"$log" 2>&1
    status=$?
    set -e
    if [ "$status" = 0 ]; then
        printf 'ok - %s (%s s)\n' "$name" "$(seconds_since "$started")"
    else
        printf 'not ok - %s (%s s)\n' "$name" "$(seconds_since "$started")"
        tail -n 25 "$log" | sed 's/^/    /'
    fi
}

# MARK: Conditions

# eventually SECONDS TEXT COMMAND…: the condition comes true before the deadline.
eventually() {
    local seconds=$1 text=$2
    shift 2
    until_true "$seconds" "$@" || {
        echo "after $seconds s, still not: $text"
        return 1
    }
}

# expect_equal WHAT EXPECTED ACTUAL
expect_equal() {
    [ "$2" = "$3" ] || {
        printf '%s: expected "%s", found "%s"\n' "$1" "$2" "$3"
        return 1
    }
}

# expect_match WHAT PATTERN TEXT
expect_match() {
    [[ $3 =~ $2 ]] || {
        printf '%s: nothing like "%s" in:\n%s\n' "$1" "$2" "$3"
        return 1
    }
}

# fails COMMAND…: the command must fail; its output is kept in OUTPUT.
fails() {
    if OUTPUT=$("$@" 2>&1); then
        printf 'this should have failed: %s\n%s\n' "$*" "$OUTPUT"
        return 1
    fi
}

# MARK: What the product left

# store_keys PREFIX: the keys below a prefix of the catalog, by etcd's JSON API, which the embedded store serves too.
store_keys() {
    local from to
    from=$(printf '%s/%s' skein "$1" | base64 -w 0)
    to=$(printf '%s/%s\377' skein "$1" | base64 -w 0)
    curl_store node-0 /v3/kv/range --max-time 5 \
        --data "{\"key\":\"$from\",\"range_end\":\"$to\",\"keys_only\":true}" | jq -r '.kvs[]?.key | @base64d'
}

# count_keys PREFIX
count_keys() {
    store_keys "$1" | wc -l
}

# namespaces HOST: those of Skein's networks and sandboxes.
namespaces() {
    on "$1" ip netns list | awk '{print $1}' | grep -E '^(skein-|sk-)' | sort || true
}

# interfaces HOST: Skein's own in the host's namespace.
interfaces() {
    on "$1" ip -json link show | jq -r '.[].ifname | select(startswith("sk") or startswith("vxlan"))' | sort
}

# nothing_left HOST…: no namespace and no interface of Skein's.
nothing_left() {
    local host
    for host in "$@"; do
        [ -z "$(namespaces "$host")$(interfaces "$host")" ] || return 1
    done
}
