# shellcheck shell=bash
# The story with containers of unmodified Docker engines. Needs story.sh; CONTROLLER is the controller's address.

story() {
    tell_engines
    tell_one_network
    tell_containers
    tell_names_and_pings
    tell_inspection
    tell_frontend_and_backend
    tell_controller
    tell_more_names
    tell_ports
    tell_crash
    tell_reboot
    tell_end
}

tell_engines() {
    chapter "The engines are stock: nothing is set but the DNS server that containers ask"
    on node-1 docker version --format '{{.Server.Version}}'
    on node-1 docker network ls
}

tell_one_network() {
    chapter "A network that is created at one engine is there on all"
    on node-1 docker network create -d skein multi
    check "node-3 lists it within a second" until_true 1 engine_lists node-3 multi
    on node-3 docker network ls
}

engine_lists() {
    on_quietly "$1" docker network ls --format '{{.Name}}' | grep -q -x "$2"
}

tell_containers() {
    local number
    chapter "A container on each host"
    for number in 1 2 3; do on "node-$number" docker run -d --init --name "demo$number" --net multi busybox sleep 1h; done
}

tell_names_and_pings() {
    local from to
    chapter "Each reaches the others by name; the first packet is answered"
    for from in 1 2 3; do
        for to in 1 2 3; do
            [ "$from" != "$to" ] || continue
            on "node-$from" docker exec "demo$from" ping -c 1 -W 2 "demo$to"
            check "demo$from reaches demo$to" output_has ' 0% packet loss'
        done
    done
}

tell_inspection() {
    chapter "Any host shows the endpoints of all hosts; so does Docker's own command line at the controller"
    on node-2 skein network inspect multi
    check "demo1, demo2 and demo3 are there" has_all demo1 demo2 demo3
    on node-3 docker -H "$CONTROLLER" network inspect --format '{{range .Containers}}{{.Name}} {{.IPv4Address}} {{end}}' multi
    check "docker shows the same" has_all demo1 demo2 demo3
}

tell_frontend_and_backend() {
    chapter "A running container is connected to a second network, and disconnected"
    on node-2 docker network create -d skein backend
    check "node-1 lists it within a second" until_true 1 engine_lists node-1 backend
    on node-2 docker run -d --init --name base --net backend busybox sleep 1h
    refused node-1 docker exec demo1 ping -c 1 -W 1 base
    on node-1 docker network connect backend demo1
    on node-1 docker exec demo1 ip address show eth1
    on node-1 docker exec demo1 ping -c 1 -W 2 base
    on node-1 docker exec demo1 ping -c 1 -W 2 demo2
    on node-1 docker network disconnect backend demo1
    refused node-1 docker exec demo1 ping -c 1 -W 1 base
    on node-1 docker exec demo1 ping -c 1 -W 2 demo2
}

tell_controller() {
    chapter "The controller's networks come to every engine, and go from every engine"
    on node-1 docker -H "$CONTROLLER" network create managed
    check "node-2 lists it within a second" until_true 1 engine_lists node-2 managed
    on node-3 docker network rm managed
    check "node-2 lists it no longer" until_true 2 engine_does_not_list node-2 managed
}

engine_does_not_list() {
    ! engine_lists "$@"
}

tell_more_names() {
    chapter "Whatever Docker calls a container by is its name on every host"
    on node-3 docker run -d --init --name web --net multi --network-alias site --publish 8080:80 busybox sh -c 'echo welcome >/www/index.html; exec httpd -f -h /www'
    check "site resolves on node-1" until_true 3 resolves node-1 demo1 site
    on node-1 docker exec demo1 wget -q -O - http://site
    check "it is the page" output_has welcome
    on node-3 docker rename web shop
    check "shop resolves on node-1" until_true 3 resolves node-1 demo1 shop
    on node-1 docker exec demo1 wget -q -O - http://shop
    refused node-1 docker exec demo1 nslookup -type=a web
}

# resolves HOST CONTAINER NAME
resolves() {
    on_quietly "$1" docker exec "$2" nslookup -type=a "$3" >/dev/null
}

tell_ports() {
    chapter "Containers reach the world, and the world their published ports"
    on node-1 docker exec demo1 ping -c 1 -W 2 10.98.0.100
    on node-0 curl --silent --fail --max-time 2 http://10.98.0.103:8080
    check "it is the page" output_has welcome
}

tell_crash() {
    chapter "Engine and worker of node-2 are killed: the names and containers of others go on, its own come back with their addresses"
    on node-2 docker run -d --init --name faithful --restart always --net multi busybox sleep 1h
    ADDRESS=$(address_of node-2 faithful)
    "$SKEIN_ROOT/scripts/cluster" kill node-2 engine
    "$SKEIN_ROOT/scripts/cluster" kill node-2 worker
    on node-1 docker exec demo1 ping -c 1 -W 2 demo3
    "$SKEIN_ROOT/scripts/cluster" start node-2 worker
    "$SKEIN_ROOT/scripts/cluster" start node-2 engine
    check "faithful runs again, with the address $ADDRESS" until_true 15 has_address node-2 faithful "$ADDRESS"
    check "it resolves on node-1" until_true 3 resolves node-1 demo1 faithful
    on node-1 docker exec demo1 ping -c 1 -W 2 faithful
}

address_of() {
    on_quietly "$1" docker inspect --format '{{.NetworkSettings.Networks.multi.IPAddress}}' "$2"
}

has_address() {
    [ "$(address_of "$1" "$2")" = "$3" ]
}

tell_reboot() {
    chapter "The whole host is rebooted"
    "$SKEIN_ROOT/scripts/cluster" reboot node-2
    check "faithful runs again, with the address $ADDRESS" until_true 15 has_address node-2 faithful "$ADDRESS"
    check "it resolves on node-1" until_true 3 resolves node-1 demo1 faithful
    on node-1 docker exec demo1 ping -c 1 -W 2 faithful
}

tell_end() {
    chapter "A network in use stays; an unused one goes from every engine without a trace"
    refused node-3 docker network rm multi
    on node-1 docker rm -f demo1
    on node-2 docker rm -f demo2 base faithful
    on node-3 docker rm -f demo3 shop
    on node-3 docker network rm multi backend
    check "no engine lists it" until_true 2 engine_does_not_list node-1 multi
    check "no namespace is left on node-1" until_true 5 has_no_namespace node-1
}
