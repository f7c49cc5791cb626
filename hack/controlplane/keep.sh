#!/bin/sh
# Runs a program that must never outlive the process that started it, however that process ends (SIGKILL too).
#
# Standard input is a pipe from the starter. A watcher reads it and, at its end, kills the process group. The program
# is exec'ed, so its pid is the one that the starter knows. The starter makes us the leader of a process group
# (setsid): as long as the watcher is in it, the kernel gives the group's number to nobody else, so the kill can
# never hit a stranger.
exec 3<&0 </dev/null
(
  cat <&3 >/dev/null 2>&1
  kill -s KILL -- "-$$"
) >/dev/null 2>&1 &
exec "$@" 3<&-
