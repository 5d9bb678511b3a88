#!/usr/bin/env bash
# Installing into another root, and removing it again.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

ROOT=$CLUSTER_DIR/root
trap 'rm -rf "$CLUSTER_DIR"' EXIT

# install_into_root ARGUMENT…
install_into_root() {
    DESTDIR=$ROOT "$SKEIN_ROOT/scripts/install" "$@"
}

files() {
    (cd "$ROOT" && find . -mindepth 1 "$@" | sort)
}

installs_everything() {
    rm -rf "$ROOT"
    mkdir -p "$ROOT/usr/bin"
    install_into_root --from "$SKEIN_BIN"
    expect_equal "the files" "$(sort <<-FILES
	./etc/skein/controller.conf
	./etc/skein/worker.conf
	./etc/systemd/system/skein-controller.service
	./etc/systemd/system/skein-worker.service
	./usr/local/bin/skein
	./usr/local/bin/skein-controller
	./usr/local/bin/skein-worker
	./usr/local/share/bash-completion/completions/skein
	./usr/local/share/doc/skein/LICENSE
	./usr/local/share/fish/vendor_completions.d/skein.fish
	./usr/local/share/man/man1/skein.1
	./usr/local/share/man/man8/skein-controller.8
	./usr/local/share/man/man8/skein-worker.8
	./usr/local/share/zsh/site-functions/_skein
	FILES
    )" "$(files -type f)"
    "$ROOT/usr/local/bin/skein" --version
    bash -n "$ROOT/usr/local/share/bash-completion/completions/skein"
    expect_equal "who may read what is configured" 600 "$(stat -c %a "$ROOT/etc/skein/worker.conf")"
}

units_are_sound() {
    local unit
    for unit in worker controller; do
        grep -q "^ExecStart=/usr/local/bin/skein-$unit " "$ROOT/etc/systemd/system/skein-$unit.service"
    done
    command -v systemd-analyze >/dev/null || return 0
    expect_equal "what systemd says" "" "$(systemd-analyze verify --man=no --root "$ROOT" skein-worker.service skein-controller.service 2>&1 \
        | grep -i skein | grep -v 'not found\|Command .* is not executable' || true)"
}

# The command lines of the units, with what the shipped files set in their comments, are ones that the programs take.
units_fit_the_programs() {
    local settings=$CLUSTER_DIR/settings.sh words
    sed -n 's/^#\(SKEIN_[A-Z_]*=etcd.*\|SKEIN_[A-Z_]*=eth0.*\)$/\1/p' "$ROOT/etc/skein/worker.conf" >"$settings"
    # shellcheck source=/dev/null
    . "$settings"
    words=$(sed -n 's/^ExecStart=//p' "$ROOT/etc/systemd/system/skein-worker.service")
    expect_match "the command" "--cluster-store=\\$\\{SKEIN_CLUSTER_STORE\\} --cluster-advertise=" "$words"
    words=${words//'${SKEIN_CLUSTER_STORE}'/$SKEIN_CLUSTER_STORE}
    words=${words//'${SKEIN_CLUSTER_ADVERTISE}'/no-such-device:2376}
    words=${words//'$SKEIN_WORKER_FLAGS'/}
    # shellcheck disable=SC2086 # several words
    fails timeout 20 "$ROOT"$words --state-dir "$CLUSTER_DIR/state"
    expect_match "the refusal" "no device \"no-such-device\"|another skein-worker serves this host" "$OUTPUT"
}

# A service that is not configured says which flag it lacks, and is not started again and again (lesson 9).
unconfigured_worker_names_the_flag() {
    local status=0
    OUTPUT=$("$ROOT/usr/local/bin/skein-worker" --cluster-store= --cluster-advertise= 2>&1) || status=$?
    expect_equal "the exit status" 64 "$status"
    expect_match "the reason" "--cluster-store" "$OUTPUT"
    grep -q '^RestartPreventExitStatus=64$' "$ROOT/etc/systemd/system/skein-worker.service"
}

configuration_survives() {
    echo "SKEIN_CLUSTER_STORE=etcd://a:2379" >>"$ROOT/etc/skein/worker.conf"
    install_into_root --from "$SKEIN_BIN"
    grep -q "etcd://a:2379" "$ROOT/etc/skein/worker.conf"
    mkdir -p "$ROOT/var/lib/skein"
    echo 1 >"$ROOT/var/lib/skein/node-id"
    install_into_root --uninstall
    expect_equal "what is left" "$(printf '%s\n' ./etc/skein/worker.conf ./var/lib/skein/node-id)" "$(files -type f)"
}

purge_leaves_nothing() {
    install_into_root --uninstall --purge
    expect_equal "what is left" "" "$(files -type f)"
    # Folders that were there stay, and so does what was in them.
    install_into_root --from "$SKEIN_BIN" --prefix /opt/skein
    echo 1 >"$ROOT/opt/skein/bin/other"
    install_into_root --uninstall --prefix /opt/skein
    expect_equal "what is left" "./opt/skein/bin/other" "$(files -type f)"
}

bad_arguments_are_refused() {
    fails install_into_root --from /nowhere
    expect_match "the refusal" "there is no skein in /nowhere" "$OUTPUT"
    fails install_into_root --prefix relative
    fails install_into_root --purge
    expect_match "the refusal" "--uninstall" "$OUTPUT"
    fails install_into_root --colour
    expect_match "the refusal" "--colour" "$OUTPUT"
}

scenario "everything is installed where it belongs" installs_everything
scenario "the services are such as systemd takes" units_are_sound
scenario "a service starts its program as the shipped configuration shows" units_fit_the_programs
scenario "a worker that is not configured names the flag and stays ended (lesson 9)" unconfigured_worker_names_the_flag
scenario "what was configured, and the node's state, survive an update and a removal" configuration_survives
scenario "a purge leaves nothing, and nobody else's file goes" purge_leaves_nothing
scenario "wrong arguments are refused by name" bad_arguments_are_refused
