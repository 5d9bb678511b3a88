# shellcheck shell=bash
# Where a network of Skein's is on a host. Needs a function `on HOST COMMAND…`.

# network_namespace HOST NETWORK: the name of its namespace there.
network_namespace() {
    printf 'skein-%s' "$(on "$1" skein network inspect --format '{{.Id}}' "$2" | cut -c 1-12)"
}

# network_gateway HOST NETWORK: the gateway's address in its first subnet.
network_gateway() {
    on "$1" skein network inspect "$2" | jq -r '.[0].IPAM.Config[0].Gateway | split("/")[0]'
}
