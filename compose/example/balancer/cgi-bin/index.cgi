#!/bin/sh
# The balancer: each request goes to one of those that are called web, in the order in which DNS rotates them.
if page=$(timeout 5 wget -q -O - http://web/); then
    printf 'Content-Type: text/plain\r\n\r\n%s\n' "$page"
else
    printf 'Status: 502 Bad Gateway\r\nContent-Type: text/plain\r\n\r\nno web server answers\n'
fi
