#!/usr/bin/env bash
# The guess: who prints into a pipe that nobody reads any more, as in `program | head -1`, learns it at the next line, however
#   that is printed: in Node console.log and process.stdout.write both end the process with EPIPE.
# What happens: in Bun console.log swallows EPIPE. The program goes on to its end, or for ever if it follows something that
#   has none, and ends with 0. process.stdout.write fails as in Node: an "error" event, which ends the process with a stack.
# Version: bun 1.4.5, node 20.20.2. Seen: "node log: EPIPE, 1", "node write: EPIPE, 1", "bun log: went on, 0",
#   "bun write: EPIPE, 1".
# Why it matters here: `flux watch <job> | head -1` is to end with its reader, so it must not print by console.log, and has to
#   listen to the error of stdout.
# Needs: node, npm. Exits with 1 when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --no-audit --no-fund bun@1.4.5 >/dev/null
bun=$folder/node_modules/.bin/bun
echo "bun $("$bun" --version), node $(node --version)"

cat >print.mjs <<'END'
const print = process.argv[2] === "log" ? console.log : (line) => process.stdout.write(`${line}\n`);
for (let n = 0; n < 40; n += 1) {
  print("line");
  await new Promise((resolve) => setTimeout(resolve, 10));
}
console.error("went on");
END
seen() {
  ("$1" print.mjs "$2" 2>said || echo $? >code) | head -1 >/dev/null
  echo "$(grep -om1 'EPIPE\|went on' said), $(cat code 2>/dev/null || echo 0)"
  rm -f code
}
for name in log write; do
  node=$(seen node "$name")
  ours=$(seen "$bun" "$name")
  printf 'node %s: %s\nbun %s: %s\n' "$name" "$node" "$name" "$ours"
  [ "$node" = "EPIPE, 1" ]
  [ "$name" = log ] && expected="went on, 0" || expected="EPIPE, 1"
  [ "$ours" = "$expected" ]
done
