#!/usr/bin/env bash
# Guess: Bun.serve answers HTTP/1.1 requests that arrive pipelined (RFC 9112, section 9.3.2: several on one connection
# before the first answer) in their order, as Node's http does, or at least answers the first and closes the connection.
# What happens (Bun 1.4.5): three handlers that answer at once get three answers. As soon as a handler awaits anything,
# the connection is closed without an answer to any of them, not to the first either; the first handler has run all the same.
#   1.4.5: at once 3 answers; after an await 0 answers, connection closed, 1 handler run
#   node http, after an await: 3 answers
# Why it matters here: every route of the control plane awaits something, so a client that pipelines sees its connection
# cut, and a POST that was carried out looks as if it was not. docs/api.md says so; proxies in front do not pipeline.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund bun@1.4.5 >/dev/null 2>&1
bun=node_modules/.bin/bun
"$bun" --version

cat > server.mjs <<'JS'
const text = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3);
const { connect } = await import("node:net");
async function answers(port) {
  let got = "";
  let isOpen = true;
  const socket = connect(port, "127.0.0.1", () => socket.write(text));
  socket.on("data", (piece) => (got += piece)).on("close", () => (isOpen = false));
  await new Promise((done) => setTimeout(done, 1_000));
  const state = `${(got.match(/HTTP\/1.1 200/g) ?? []).length} answers, connection ${isOpen ? "open" : "closed"}`;
  socket.destroy();
  return state;
}
const soon = () => new Promise((done) => setTimeout(done, 5));
if (globalThis.Bun) {
  const at = (fetch) => answers(Bun.serve({ port: 0, hostname: "127.0.0.1", fetch }).port);
  console.log("bun at once:", await at(() => new Response("x")));
  let runs = 0;
  const later = async () => ((runs += 1), await soon(), new Response("x"));
  console.log("bun after an await:", await at(later), `after ${runs} runs`);
} else {
  const { createServer } = await import("node:http");
  const server = createServer(async (_, answer) => (await soon(), answer.end("x")));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  console.log("node after an await:", await answers(server.address().port));
}
process.exit();
JS
said=$("$bun" server.mjs; node server.mjs)
echo "$said"
[ "$said" = "bun at once: 3 answers, connection open
bun after an await: 0 answers, connection closed after 1 runs
node after an await: 3 answers, connection open" ]
