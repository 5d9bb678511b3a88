#!/usr/bin/env bash
# Many at once: attaches, creations of one name, hosts of one name.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 3 --store etcd

hundred_creations_of_one_name() {
    local url
    url=$(controller_url)
    # shellcheck disable=SC2016 # expanded on the host
    on node-0 bash -c 'for n in $(seq 100); do
        curl --silent --output /dev/null --write-out "%{http_code}\n" --unix-socket /run/skein/controller.sock \
            -H "Content-Type: application/json" -d "{\"Name\":\"same\",\"Driver\":\"overlay\",\"CheckDuplicate\":true}" \
            http://skein/networks/create &
    done; wait' >"$CLUSTER_DIR/creations"
    expect_equal "creations that succeeded" 1 "$(grep -c '^201$' "$CLUSTER_DIR/creations")"
    expect_equal "creations refused as a conflict" 99 "$(grep -c '^409$' "$CLUSTER_DIR/creations")"
    expect_equal "networks of that name" 1 "$(on node-1 docker -H "$url" network ls -q --filter name=same | wc -l)"
    expect_equal "VNIs taken" 1 "$(count_keys vnis/)"
    on node-1 docker -H "$url" network rm same
}

# 200 attaches at once over three nodes: none may show a conflict to its user, and no address may have two owners.
two_hundred_attaches() {
    local host
    on node-1 skein network create crowd
    for host in node-1 node-2 node-3; do
        on "$host" bash -c "for n in \$(seq 67); do skein run -d --name $host-\$n --net crowd sleep 1h >/dev/null 2>>$CLUSTER_DIR/crowd.err & done; wait" &
    done
    wait
    expect_equal "errors that users saw" "" "$(cat "$CLUSTER_DIR/crowd.err")"
    expect_equal "endpoints in the store" 201 "$(count_keys endpoints/)"
    # One for the gateway.
    expect_equal "addresses in the store" 202 "$(count_keys addresses/)"
    on node-3 skein sandbox exec node-3-67 ping -c 1 -W 2 node-1-1
    for host in node-1 node-2 node-3; do
        on "$host" bash -c "for n in \$(seq 67); do echo $host-\$n; done | xargs skein sandbox rm -f" &
    done
    wait
    expect_equal "addresses in the store afterwards" 1 "$(count_keys addresses/)"
    on node-1 skein network rm crowd
}

hosts_of_one_name() {
    local host
    for host in node-1 node-2 node-3; do
        kill_part "$host" worker
        on "$host" hostname twin
        start_again "$host" worker
    done
    on node-1 skein network create twins
    for host in 1 2 3; do on "node-$host" skein run -d --name "t$host" --net twins sleep 1h; done
    eventually 10 "t3 resolves on node-1" on node-1 skein sandbox exec t1 getent hosts t3
    on node-1 skein sandbox exec t1 ping -c 1 -W 2 t2
    on node-1 skein sandbox exec t1 ping -c 1 -W 2 t3
    on node-2 skein sandbox exec t2 ping -c 1 -W 2 t3
    expect_equal "nodes" 3 "$(on node-1 skein node ls -q | wc -l)"
}

scenario "a hundred creations of one name make one network (lesson 14)" hundred_creations_of_one_name
scenario "two hundred attaches at once all succeed (lesson 11)" two_hundred_attaches
scenario "three nodes with one hostname work (lesson 13)" hosts_of_one_name
