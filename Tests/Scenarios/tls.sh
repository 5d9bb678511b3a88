#!/usr/bin/env bash
# Whole clusters on TLS: whatever listens on TCP asks for a certificate of the cluster's authority.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

# with CERTIFICATES COMMAND…: on node-2, with the certificates of a folder below the cluster's.
with() {
    local folder
    folder=$(certificates_of "$1")
    shift
    on node-2 env DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$folder" "$@"
}

# A client's certificate of another authority, beside ours, by which it believes the servers.
make_stranger() {
    "$CLUSTER_BIN/skein" tls init --ca "$(certificates_of strange-ca)"
    "$CLUSTER_BIN/skein" tls issue --ca "$(certificates_of strange-ca)" --client --out "$(certificates_of stranger)" stranger
    cp "$(certificates_of ca)/ca.pem" "$(certificates_of stranger)/ca.pem"
}

works_with_certificates() {
    expect_equal "where the controller is" "tcp://10.98.0.100:2376" "$(controller_url)"
    with client docker -H "$(controller_url)" network create -d overlay --subnet 10.70.0.0/24 multi
    expect_match "docker network ls" "multi +overlay +global" "$(with client docker -H "$(controller_url)" network ls)"
    expect_match "skein node ls" "node-2" "$(with client skein -H "$(controller_url)" node ls)"
    expect_match "by flags" "multi" "$(on node-1 skein -H "$(controller_url)" --tlscacert "$(certificates_of client)/ca.pem" \
        --tlscert "$(certificates_of client)/cert.pem" --tlskey "$(certificates_of client)/key.pem" network ls)"
    expect_match "with a host's certificate" "multi" "$(with node-2 docker -H "$(controller_url)" network ls)"
    on node-1 skein run -d --name one --net multi sleep 1h
    on node-2 skein run -d --name two --net multi sleep 1h
    eventually 10 "one reaches two" on node-1 skein sandbox exec one ping -c 1 -W 2 two
    expect_match "skein doctor" "ok +certificate +$(certificates_of node-1)/cert.pem is valid until 20" "$(on node-1 skein doctor)"
}

refuses_everybody_else() {
    fails on node-2 docker -H "$(controller_url)" network ls
    expect_match "plain HTTP" "HTTP request to an HTTPS server" "$OUTPUT"
    fails on node-2 skein -H "$(controller_url)" network ls
    expect_match "plain HTTP" "HTTP request to an HTTPS server" "$OUTPUT"
    fails on node-2 curl --silent --show-error --cacert "$(certificates_of client)/ca.pem" "https://10.98.0.100:2376/networks"
    expect_match "no certificate" "certificate required" "$OUTPUT"
    make_stranger
    fails with stranger docker -H "$(controller_url)" network ls
    fails with stranger skein -H "$(controller_url)" network ls
    expect_match "a stranger" "does not accept the certificate" "$OUTPUT"
    fails on node-2 curl --silent --show-error --cacert "$(certificates_of client)/ca.pem" "https://10.98.0.100:2379/v3/kv/range" --data '{"key":"AA=="}'
    fails on node-2 curl --silent --show-error --fail "http://10.98.0.100:2379/v3/kv/range" --data '{"key":"AA=="}'
    [ "$CLUSTER_STORE" = etcd ] || expect_match "the log" "cause=it showed no certificate peer=10.98.0.102:" "$(cat "$CLUSTER_DIR/node-0/controller.log")"
}

# A worker that speaks plain to a store with TLS says so, and the other way round.
workers_name_the_mismatch() {
    local worker=(timeout 30 skein-worker --state-dir "$CLUSTER_DIR/bad" --socket /run/skein/bad.sock --cluster-advertise eth0:2376)
    kill_part node-1 worker
    fails on node-1 "${worker[@]}" --cluster-store "$(store_url)"
    expect_match "plain to TLS" "10.98.0.100:2379 speaks TLS|10.98.0.100:2379 .*it may ask for TLS" "$OUTPUT"
    # shellcheck disable=SC2046 # several flags
    fails on node-1 "${worker[@]}" $(store_security stranger) --cluster-store "$(store_url)"
    expect_match "a stranger" "(does|may) not accept the certificate" "$OUTPUT"
    start_again node-1 worker
    on node-1 skein sandbox exec one ping -c 1 -W 2 two
}

# shown: the number of the certificate that the controller shows.
shown() {
    { on node-2 openssl s_client -connect "10.98.0.100:2376" </dev/null 2>/dev/null || true; } | openssl x509 -noout -serial
}

takes_up_renewed_certificates() {
    local before after
    before=$(shown)
    expect_match "a certificate" "^serial=" "$before"
    "$CLUSTER_BIN/skein" tls renew --ca "$(certificates_of ca)" "$(certificates_of node-0)"
    after=$(shown)
    expect_match "another certificate" "^serial=" "$after"
    [ "$after" != "$before" ]
    "$CLUSTER_BIN/skein" tls renew --ca "$(certificates_of ca)" --new-key "$(certificates_of node-0)" "$(certificates_of client)"
    expect_match "a renewed client" "multi" "$(with client docker -H "$(controller_url)" network ls)"
    # What calls the store takes its new files up with its next connection.
    "$CLUSTER_BIN/skein" tls renew --ca "$(certificates_of ca)" --new-key "$(certificates_of node-2)"
    kill_part node-0 store
    start_again node-0 store
    eventually 60 "node-2 has the store" writes_again
}

writes_again() {
    on node-2 skein sandbox rm -f three || true
    on node-2 skein run -d --name three --net multi sleep 1h && on node-2 skein sandbox rm -f three
}

# It reads its certificate with each connection, and whom it believes only when it starts.
restart_etcd() {
    [ "$CLUSTER_STORE" = etcd ] || return 0
    kill_part node-0 store
    start_again node-0 store
}

# Nobody's certificate is revoked one by one: a new authority ends all of them.
changes_its_authority() {
    local host
    "$CLUSTER_BIN/skein" tls init --ca "$(certificates_of next)"
    # Both are trusted while the certificates are changed.
    cat "$(certificates_of ca)/ca.pem" >"$CLUSTER_DIR/tls/former.pem"
    cat "$CLUSTER_DIR/tls/former.pem" >>"$(certificates_of next)/ca.pem"
    for host in node-0 node-1 node-2 client; do
        cp "$(certificates_of next)/ca.pem" "$(certificates_of "$host")/ca.pem"
    done
    restart_etcd
    mkdir "$(certificates_of leaver)"
    cp "$(certificates_of client)"/*.pem "$(certificates_of leaver)/"
    for host in node-0 node-1 node-2 client; do
        "$CLUSTER_BIN/skein" tls renew --ca "$(certificates_of next)" "$(certificates_of "$host")"
    done
    eventually 10 "a renewed client is served" with client docker -H "$(controller_url)" network inspect multi
    expect_match "one of before" "multi" "$(with leaver docker -H "$(controller_url)" network ls)"
    openssl x509 -in "$(certificates_of next)/ca.pem" -out "$CLUSTER_DIR/tls/new.pem"
    for host in node-0 node-1 node-2 client; do cp "$CLUSTER_DIR/tls/new.pem" "$(certificates_of "$host")/ca.pem"; done
    restart_etcd
    eventually 10 "a renewed client is served" with client docker -H "$(controller_url)" network inspect multi
    fails with leaver docker -H "$(controller_url)" network ls
    on node-1 skein sandbox exec one ping -c 1 -W 2 two
}

without_tls_is_said() {
    fails on node-1 timeout 20 skein-controller --cluster-store "$(store_url)" -H unix:///run/skein/bad.sock -H tcp://127.0.0.1:2375
    expect_match "the refusal" "tcp://127.0.0.1:2375.*skein tls init.*--insecure-tcp" "$OUTPUT"
    fails on node-1 timeout 20 skein-worker --cluster-store "$(store_url)" --cluster-advertise eth0:2376 -H tcp://0.0.0.0:2375
    expect_match "the refusal" "a worker listens on no TCP port" "$OUTPUT"
}

sockets_are_closed_to_others() {
    expect_equal "the worker's" "660" "$(on node-1 stat -c %a /run/skein/worker.sock)"
    expect_equal "the controller's" "660" "$(on node-0 stat -c %a /run/skein/controller.sock)"
    expect_equal "what is left of the making" "worker.sock" "$(on node-1 ls -A /run/skein | grep sock)"
    expect_equal "ports of the worker's host" "" "$(on node-1 ss -Htlnp | grep skein-worker || true)"
}

for store in embedded etcd; do
    cluster_up --hosts 2 --store "$store" --tls
    scenario "$store: docker and skein work with certificates, and so do the hosts" works_with_certificates
    scenario "$store: nobody else is served, and each is told why" refuses_everybody_else
    scenario "$store: a worker without a fitting certificate says so" workers_name_the_mismatch
    scenario "$store: renewed certificates are taken up" takes_up_renewed_certificates
    scenario "$store: a new authority takes the old one's place while the cluster works" changes_its_authority
done
scenario "nothing listens on TCP without TLS unless it is asked for" without_tls_is_said
scenario "unix sockets are for root and the group, and workers listen on no port" sockets_are_closed_to_others
cluster_down
