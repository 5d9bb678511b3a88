# shellcheck shell=bash
# The story with Skein's own sandboxes. Needs story.sh; CONTROLLER is the controller's address.

story() {
    tell_one_network
    tell_sandboxes
    tell_names_and_pings
    tell_inspection
    tell_isolation
    tell_local_network
    tell_second_network
    tell_end
}

tell_one_network() {
    chapter "One network over all hosts"
    on node-1 skein network create multi
    on node-3 skein network ls
    check "another host sees it at once" output_has multi
}

tell_sandboxes() {
    local number
    chapter "A sandbox on each host"
    for number in 1 2 3; do
        on "node-$number" skein run -d --name "demo$number" --net multi sleep 1h
    done
}

tell_names_and_pings() {
    local from to
    chapter "Each reaches the others by name; the first packet is answered"
    for from in 1 2 3; do
        for to in 1 2 3; do
            [ "$from" != "$to" ] || continue
            on "node-$from" skein sandbox exec "demo$from" ping -c 1 -W 2 "demo$to"
            check "demo$from reaches demo$to" output_has ' 0% packet loss'
        done
    done
}

tell_inspection() {
    chapter "Any host, and Docker's own command line, shows every endpoint of every host"
    on node-2 skein network inspect multi
    check "demo1, demo2 and demo3 are there" has_all demo1 demo2 demo3
    on node-3 docker -H "$CONTROLLER" network ls
    on node-3 docker -H "$CONTROLLER" network inspect --format '{{range .Containers}}{{.Name}} {{.IPv4Address}} {{end}}' multi
    check "docker shows the same" has_all demo1 demo2 demo3
}

tell_isolation() {
    local address
    chapter "Networks are isolated: no name, no path"
    on node-2 skein network create other
    on node-2 skein run -d --name stranger --net other sleep 1h
    address=$(address_of node-1 demo1 multi)
    refused node-2 skein sandbox exec stranger ping -c 1 -W 1 demo1
    refused node-2 skein sandbox exec stranger ping -c 1 -W 1 "$address"
}

# address_of HOST SANDBOX NETWORK: without the prefix length.
address_of() {
    "$SKEIN_ROOT/scripts/cluster" exec "$1" -- skein network inspect "$3" \
        | jq -r --arg name "$2" '.[0].Containers[] | select(.Name == $name) | .IPv4Address | split("/")[0]'
}

tell_local_network() {
    chapter "A local bridge network of one host"
    on node-1 skein network create -d bridge frontend
    on node-1 skein run -d --name web --net frontend sleep 1h
    on node-2 skein network ls
    check "other hosts do not see it" output_lacks frontend
}

tell_second_network() {
    chapter "The same sandbox on a second network, and off it again"
    on node-1 skein network connect frontend demo1
    on node-1 skein sandbox exec demo1 ip -brief address
    check "it has a second interface" output_has eth1
    on node-1 skein sandbox exec demo1 ping -c 1 -W 2 web
    on node-1 skein sandbox exec demo1 ping -c 1 -W 2 demo2
    on node-1 skein network disconnect frontend demo1
    refused node-1 skein sandbox exec demo1 ping -c 1 -W 1 web
    on node-1 skein sandbox exec demo1 ping -c 1 -W 2 demo2
}

tell_end() {
    chapter "A network in use stays; an unused one goes without a trace"
    refused node-3 skein network rm multi
    on node-1 skein sandbox rm -f demo1 web
    on node-2 skein sandbox rm -f demo2 stranger
    on node-3 skein sandbox rm -f demo3
    on node-1 skein network rm frontend
    on node-3 skein network rm multi other
    check "no namespace is left on node-1" until_true 5 has_no_namespace node-1
}
