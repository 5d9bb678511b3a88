# shellcheck shell=bash
# The certificates of a cluster whose listeners on TCP ask for them, made with `skein tls`. Needs parts.sh.

# certificates_of HOLDER: the folder with ca.pem, cert.pem and key.pem of a host, or of "client".
certificates_of() {
    echo "$CLUSTER_DIR/tls/$1"
}

skein_tls() {
    "$CLUSTER_BIN/skein" tls "$@" --ca "$(certificates_of ca)" >>"$CLUSTER_DIR/tls.log"
}

make_certificates() {
    local number
    skein_tls init --name "the cluster in $(basename "$CLUSTER_DIR")"
    for ((number = 0; number <= CLUSTER_HOSTS; number++)); do
        skein_tls issue --out "$(certificates_of "node-$number")" "node-$number" "$(host_address "$number")"
    done
    skein_tls issue --client --out "$(certificates_of client)" client
}

# controller_security: the flags of a controller's listeners.
controller_security() {
    local folder
    folder=$(certificates_of node-0)
    if [ -n "$CLUSTER_TLS" ]; then
        echo "--tlsverify --tlscacert $folder/ca.pem --tlscert $folder/cert.pem --tlskey $folder/key.pem"
    else
        echo --insecure-tcp
    fi
}

# store_security HOST: the flags of who calls the store.
store_security() {
    local folder
    folder=$(certificates_of "$1")
    [ -z "$CLUSTER_TLS" ] || printf -- '--cluster-store-opt %s ' \
        "kv.cacertfile=$folder/ca.pem" "kv.certfile=$folder/cert.pem" "kv.keyfile=$folder/key.pem"
}

# etcd_security HOST: the flags of the etcd server there, toward its clients and its fellows.
etcd_security() {
    local folder prefix
    folder=$(certificates_of "$1")
    [ -n "$CLUSTER_TLS" ] || return 0
    for prefix in "" peer-; do
        echo "--${prefix}client-cert-auth --${prefix}trusted-ca-file $folder/ca.pem --${prefix}cert-file $folder/cert.pem" \
            "--${prefix}key-file $folder/key.pem"
    done
}

# curl_store HOST PATH ARGUMENT…: asks the store on the host on which it runs.
curl_store() {
    local host=$1 path=$2 scheme=http security=() folder
    shift 2
    folder=$(certificates_of "$host")
    if [ -n "$CLUSTER_TLS" ]; then
        scheme=https security=(--cacert "$folder/ca.pem" --cert "$folder/cert.pem" --key "$folder/key.pem")
    fi
    on_host "$(host_directory "$host")" curl --silent --fail "${security[@]}" "$scheme://127.0.0.1:2379$path" "$@"
}
