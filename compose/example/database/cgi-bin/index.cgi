#!/bin/sh
# The database: a number in a file, one higher each time.
printf 'Content-Type: text/plain\r\n\r\n'
(
    flock 9
    count=$(($(cat /data/count 2>/dev/null || echo 0) + 1))
    echo "$count" >/data/count
    echo "$count"
) 9>/data/lock
