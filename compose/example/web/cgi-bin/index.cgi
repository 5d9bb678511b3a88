#!/bin/sh
# The page: who made it, and a number from the database.
printf 'Content-Type: text/plain\r\n\r\n'
if visits=$(timeout 5 wget -q -O - http://database:5432/); then
    echo "visit $visits, served by $(hostname)"
else
    echo "the database does not answer, says $(hostname)"
fi
