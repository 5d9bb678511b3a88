# shellcheck shell=bash
# Counting what passed and what failed, over Swift Testing, checks and scenario files. Needs common.sh and progress.sh.

PASSED=0
FAILED=0
# What failed, told again above the totals: a run is long, and of its output often only the end is kept.
FAILURES=

count_passed() {
    PASSED=$((PASSED + $1))
}

count_failed() {
    FAILED=$((FAILED + $1))
}

# remember_failure TITLE [LINES]: LINES are indented already.
remember_failure() {
    FAILURES+="==> $1"$'\n'
    if [ -n "${2:-}" ]; then FAILURES+=$2$'\n'; fi
}

print_totals() {
    [ -z "$FAILURES" ] || printf 'What failed, again:\n%s' "$FAILURES"
    printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
}

# run_check LABEL LOG COMMAND…: a command that counts as one test.
run_check() {
    if with_progress "$@"; then
        count_passed 1
    else
        count_failed 1
        remember_failure "$1" "$(end_of_log "$2")"
    fi
}

# end_of_log LOG: indented.
end_of_log() {
    tail -n 15 "$1" | sed 's/^/    /'
}

# count_swift_tests LOG RESULTS STATUS: from the xUnit file that Swift Testing writes; after a crash it has no end, and the crash counts
# as one failure beside what the log tells.
count_swift_tests() {
    local log=$1 results=$2 status=$3 before=$FAILED tests failures
    if grep -q "</testsuites>" "$results" 2>/dev/null; then
        tests=$(xunit_number tests "$results") failures=$(failed_tests "$results")
        count_passed $((tests - failures - $(xunit_number skipped "$results")))
        count_failed "$failures"
        [ "$status" = 0 ] || [ "$failures" -gt 0 ] || count_failed 1
    else
        count_passed "$(grep -a -c '^[^ ]* Test .* passed after' "$log" || true)"
        count_failed $(($(grep -a -c '^[^ ]* Test .* failed after' "$log" || true) + 1))
    fi
    if [ "$FAILED" -gt "$before" ]; then show_failures "$log"; fi
    show_notes "$log"
}

# xunit_number ATTRIBUTE FILE: of the first <testsuite>; 0 if it has none.
xunit_number() {
    local number
    number=$(sed -n "s/.*<testsuite [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1)
    echo "${number:-0}"
}

# failed_tests FILE: the attribute "failures" counts what they found wrong, and one test may find many things.
failed_tests() {
    awk '/<testcase /{ isCounted = 0 } /<failure / && !isCounted { count++; isCounted = 1 } END { print count + 0 }' "$1"
}

# show_failures LOG: the tests that failed and why; of a log that names none, its end.
show_failures() {
    local failures
    failures=$(grep -a -E '^[^ ]* Test .* (recorded an issue|failed after)|^↳ |Fatal error|unexpected signal' "$1" |
        grep -v -E '^↳ (Testing Library Version|Target Platform)' | head -n 40 | sed 's/^/    /' || true)
    [ -n "$failures" ] || failures=$(end_of_log "$1")
    printf '%s\n' "$failures"
    remember_failure "$(basename "$1" .log)" "$failures"
}

# show_notes LOG: what a test tells of its run, such as the seed with which it can be repeated.
show_notes() {
    grep -a '^history: ' "$1" | sed 's/^/    /' || true
}

# run_scenario_file FILE LOG: each scenario prints "ok - NAME" or "not ok - NAME"; a file that ends badly is one failure more.
run_scenario_file() {
    local file=$1 log=$2 status=0 failures
    printf '==> Scenarios: %s\n' "$(basename "$file" .sh)"
    mkdir -p "$(dirname "$log")"
    bash "$file" 2>&1 </dev/null | tee "$log" | sed -n '/^not ok - /,$ { s/^/    /p; b }; /^ok - \|^note: /s/^/    /p' || status=$?
    failures=$(grep -a -c '^not ok - ' "$log" || true)
    count_passed "$(grep -a -c '^ok - ' "$log" || true)"
    count_failed "$failures"
    if [ "$status" != 0 ] && [ "$failures" = 0 ]; then
        echo "    $(basename "$file") ended with status $status:"
        end_of_log "$log"
        count_failed 1
        remember_failure "Scenarios: $(basename "$file" .sh), which ended with status $status" "$(end_of_log "$log")"
    elif [ "$failures" != 0 ]; then
        remember_failure "Scenarios: $(basename "$file" .sh)" "$(sed -n '/^not ok - /,$s/^/    /p' "$log" | head -n 60)"
    fi
}
