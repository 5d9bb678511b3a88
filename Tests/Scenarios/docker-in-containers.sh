#!/usr/bin/env bash
# A worker in a container of the engine that it serves, beside one that runs as a process: with the privileges and the mounts of
# compose/compose.yaml and no others. The image is what compose/Dockerfile makes of programs that were built before, on a base that needs no
# registry.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
for library in packages progress containers program-image; do
    # shellcheck source=/dev/null
    . "$SKEIN_LIB/$library.sh"
done

ensure_packages docker-compose
# Without it an engine that restarts stops its containers, among them the worker that it then asks for its networks.
SKEIN_ENGINE_FLAGS=--live-restore cluster_up --hosts 2 --store etcd --engine docker

# With the state of the worker that it takes the place of, so that it is the same node.
compose() {
    on node-1 env SKEIN_CLUSTER_STORE="$(store_url)" SKEIN_CLUSTER_ADVERTISE=eth0:2376 SKEIN_STORE_FLAGS="$PATIENT_FLAGS" \
        SKEIN_STATE_DIR="$(host_directory node-1)/state" \
        docker-compose --project-name skein --file "$SKEIN_ROOT/compose/compose.yaml" "$@"
}

worker_answers() {
    on node-1 skein info >/dev/null 2>&1
}

# Where systemd is the first process, every mount is shared.
worker_runs_in_a_container() {
    make_base_image "$SKEIN_BIN" "$CLUSTER_DIR/base.tar"
    kill_part node-1 worker
    on node-1 mount --make-rshared /
    build_image node-1 "$SKEIN_BIN" "$CLUSTER_DIR/base.tar"
    compose up --detach --no-build worker
    eventually 15 "the worker answers" worker_answers
}

containers_reach_each_other() {
    make_network node-1 contained
    container node-1 one contained
    container node-2 two contained --publish 8080:80
    will_reach node-1 one two
    will_reach node-2 two one
    inside node-2 two sh -c 'echo two >/www/index.html; httpd -p 80 -h /www'
    expect_equal "the published page" two "$(on node-1 curl --silent --max-time 3 http://10.98.0.102:8080/)"
}

doctor_is_content() {
    on node-1 docker exec skein_worker_1 skein doctor
    expect_equal "what is not ok" "" "$(on node-1 docker exec skein_worker_1 skein doctor --quiet --format '{{.Check}}: {{.Message}}' | grep -v '^nodes: ' || true)"
}

# The namespaces are the host's: what the container made stays when it is gone.
restart_costs_no_packet() {
    inside node-1 one ping -q -i 0.05 -c 100 two >"$CLUSTER_DIR/ping.log" &
    on node-1 docker kill skein_worker_1
    on node-1 docker start skein_worker_1
    eventually 10 "the worker answers" worker_answers
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    container node-1 three contained
    will_reach node-2 two three
}

engine_restarts() {
    inside node-2 two ping -q -i 0.05 -c 160 one >"$CLUSTER_DIR/ping.log" &
    kill_on_host "$(host_directory node-1)" engine TERM
    start_again node-1 engine
    worker_answers
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    container node-1 four contained
    eventually 10 "the new container is reached" reaches node-2 two four
}

scenario "a worker serves its engine from a container with few privileges" worker_runs_in_a_container
scenario "its containers and those of another engine reach each other, and are reached" containers_reach_each_other
scenario "the doctor finds nothing wrong in there" doctor_is_content
scenario "the container with the worker is killed, and no packet is lost" restart_costs_no_packet
scenario "the engine is started anew, with live-restore, and the worker goes on" engine_restarts
