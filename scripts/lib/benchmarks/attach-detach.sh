# shellcheck shell=bash
# Attaching and detaching through the worker, beside the least that it must do.

bench_attach-detach() {
    local transaction veth unveth attach
    on node-1 skein network create bench-attach >"$WORK/log"
    on node-1 skein sandbox create bench >>"$WORK/log"
    transaction=$(bare_transactions | median)
    read -r veth unveth < <(hand_made_veth)
    worker_requests >"$WORK/attach"
    attach=$(sed -n 's/^connect 200 //p' "$WORK/attach" | to_milliseconds | median)
    row attach-detach "attach, median of $ROUNDS" ms "$attach" "bare transaction $transaction + veth by hand $veth" "$(sum "$transaction" "$veth")"
    row attach-detach "detach, median of $ROUNDS" ms "$(sed -n 's/^disconnect 200 //p' "$WORK/attach" | to_milliseconds | median)" \
        "bare transaction $transaction + veth removed $unveth" "$(sum "$transaction" "$unveth")"
    on node-1 skein sandbox rm -f bench >>"$WORK/log"
    on node-1 skein network rm bench-attach >>"$WORK/log"
}

sum() {
    awk -v a="$1" -v b="$2" 'BEGIN { print a + b }'
}

to_milliseconds() {
    awk '{ print $1 * 1000 }'
}

# One connection, one request after the other: curl tells the time of each.
worker_requests() {
    local round verb
    for ((round = 0; round < ROUNDS; round++)); do
        for verb in connect disconnect; do
            printf 'next\nunix-socket = /run/skein/worker.sock\nurl = http://skein/networks/bench-attach/%s\noutput = /dev/null\n' "$verb"
            printf 'header = "Content-Type: application/json"\ndata = "{\\"Container\\":\\"bench\\"}"\nwrite-out = "%s %%{http_code} %%{time_total}\\n"\n' "$verb"
        done
    done | tail -n +2 | on node-1 curl --silent --config -
}

# What an attach commits, by hand: two compares, four puts.
bare_transactions() {
    local round
    for ((round = 0; round < ROUNDS; round++)); do
        printf 'next\nurl = http://10.98.0.100:2379/v3/kv/txn\noutput = /dev/null\nwrite-out = "%%{time_total}\\n"\n'
        printf 'data = "%s"\n' "$(transaction_body "$round" | sed 's/"/\\"/g')"
    done | tail -n +2 | on node-1 curl --silent --config - | to_milliseconds
}

transaction_body() {
    local key puts='' number
    for number in 1 2 3 4; do
        key=$(printf 'bench/%s/%s' "$1" "$number" | base64 -w 0)
        puts+="${puts:+,}{\"requestPut\":{\"key\":\"$key\",\"value\":\"$(printf '%0200d' 0 | base64 -w 0)\"}}"
    done
    printf '{"compare":[{"key":"%s","target":"CREATE","create_revision":"0"}],"success":[%s]}' "$key" "$puts"
}

# hand_made_veth: milliseconds to make one (pair, bridge port, address in the sandbox) and to remove it.
hand_made_veth() {
    local round made removed
    on node-1 ip netns add bench-network
    on node-1 ip netns add bench-sandbox
    on node-1 ip -n bench-network link add br0 up type bridge
    for ((round = 0; round < ROUNDS; round++)); do
        printf 'link add v%s type veth peer name e%s netns bench-sandbox\nlink set v%s master br0 up\n' "$round" "$round" "$round" >&3
        printf 'address add 10.9.0.%s/32 dev e%s\nlink set e%s up\n' "$round" "$round" "$round" >&4
        printf 'link del v%s\n' "$round" >&5
    done 3>"$WORK/pairs" 4>"$WORK/addresses" 5>"$WORK/removals"
    made=$(sum "$(batch_milliseconds bench-network "$WORK/pairs")" "$(batch_milliseconds bench-sandbox "$WORK/addresses")")
    removed=$(batch_milliseconds bench-network "$WORK/removals")
    echo "$made $removed"
    on node-1 ip netns del bench-network
    on node-1 ip netns del bench-sandbox
}

# batch_milliseconds NAMESPACE FILE: of one round.
batch_milliseconds() {
    local started
    started=$(now_us)
    on node-1 ip -n "$1" -batch "$2"
    awk -v us=$(($(now_us) - started)) -v n="$ROUNDS" 'BEGIN { print us / 1000 / n }'
}
