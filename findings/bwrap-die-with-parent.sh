#!/usr/bin/env bash
# The guess: with --die-with-parent nothing in a bubblewrap outlives the process that started it, as its manual says ("Kills
#   all bwrap sandbox processes in sequence from parent to child ... when bwrap or bwrap's parent dies").
# What happens: who is killed within about 10 ms of starting bwrap leaves the command running, as a child of init, for as long
#   as it likes. bwrap and its child ask for the signal (prctl PR_SET_PDEATHSIG) only when they are up, and look for nobody
#   who died before; `setpriv --pdeathsig KILL` before it has the same gap, and the signal is not inherited.
# Version: bubblewrap 0.8.0 (Debian 12). Seen: 36 of 60 commands were left.
# Why it matters here: a worker that crashes, or is killed for its memory, while it starts ffmpeg would leave an ffmpeg that
#   nobody ends, beside the one that its successor starts. Hence a watcher that kills process groups, told before a command
#   begins.
# Needs: bubblewrap where user namespaces are allowed. Exits with 1 when nothing is left any more, with 77 when it cannot run.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 77

sandbox=(bwrap --unshare-user --unshare-pid --as-pid-1 --die-with-parent --ro-bind / / --dev /dev)
command -v bwrap >/dev/null || { echo "bwrap is not installed"; exit 77; }
"${sandbox[@]}" true || { echo "bwrap may not make namespaces here"; exit 77; }
bwrap --version

# A time that tells our commands from those of others.
seconds=$((100000 + RANDOM))
ours() { pgrep -f "sleep $seconds\$" || true; }
cat >starter.sh <<'END'
"${@:2}" & # bwrap, whose parent is this shell
sleep "0.00$1"
kill -KILL $$
END
rounds=60
for round in $(seq "$rounds"); do
  { bash starter.sh "$((round % 10))" "${sandbox[@]}" sleep "$seconds"; } >/dev/null 2>&1
done
sleep 1
left=$(ps -o pid=,ppid=,args= -p "$(ours | paste -sd, -)" 2>/dev/null | grep -c "sleep $seconds")
echo "left a second after $rounds starters were killed: $left"
for pid in $(ours); do kill -KILL "$pid" 2>/dev/null; done
[ "$left" -gt 0 ]
