#!/usr/bin/env bash
# The guess: BUN_JSC_useJIT=0, which makes a small service start sooner and take less memory, only makes JavaScript slower.
# What happens: dlopen of bun:ffi throws "bun:ffi requires the JIT", in scripts and in compiled executables. What was tried
#   without the variable, such as flock(2) for a lock that the kernel releases, fails at the first start in an image that sets
#   it. A lock without FFI: flock(1) takes the open file that it inherits, and the lock stays with ours when it has ended.
# Version: bun 1.4.5. Seen: "flock by FFI: 0", then "TypeError: bun:ffi requires the JIT"; by flock(1) 0, and 1 for the second.
# Why it matters here: a worker may run without a JIT compiler to save memory, and two workers on one directory lose jobs.
# Needs: npm, flock (util-linux or BusyBox). Exits with 1 when the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --no-audit --no-fund bun@1.4.5 >/dev/null
bun=$folder/node_modules/.bin/bun
echo "bun $("$bun" --version)"

cat >ffi.ts <<'END'
import { dlopen } from "bun:ffi";
import { openSync } from "node:fs";
const { symbols } = dlopen("libc.so.6", { flock: { args: ["i32", "i32"], returns: "i32" } });
console.log("flock by FFI:", symbols.flock(openSync(".", "r"), 2 | 4));
END
cat >inherited.ts <<'END'
import { openSync } from "node:fs";
const lock = () => Bun.spawn(["flock", "-x", "-n", "3"], { stdio: ["ignore", "ignore", "ignore", openSync(".", "r")] }).exited;
console.log("flock by flock(1):", await lock(), "then", await lock());
END
with=$("$bun" ffi.ts 2>&1)
without=$(BUN_JSC_useJIT=0 "$bun" ffi.ts 2>&1 || true)
inherited=$(BUN_JSC_useJIT=0 "$bun" inherited.ts)
printf 'with the JIT:    %s\nwithout the JIT: %s\nwithout, too:    %s\n' \
  "$with" "$(grep -m1 TypeError <<<"$without")" "$inherited"
[ "$with" = "flock by FFI: 0" ]
grep -q "bun:ffi requires the JIT" <<<"$without"
[ "$inherited" = "flock by flock(1): 0 then 1" ]
