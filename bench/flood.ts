/** Asks a service for jobs without a good key, evenly: `flood.ts <url> <requests a second>`. Ends when killed. */
import { connect } from "node:net";

const [url = "", rate = "2000"] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const credentials = ["", "Authorization: Bearer a-wrong-key-of-a-stranger\r\n"];
const requests = credentials.map((line) => `GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n${line}\r\n`);

let answered = 0;
const sockets = Array.from({ length: 20 }, () =>
  connect(Number(port), hostname).on("data", (data) => {
    answered += data.toString("latin1").split("HTTP/1.1 4").length - 1;
  }),
);

const began = performance.now();
const seconds = () => (performance.now() - began) / 1_000;
let sent = 0;
setInterval(() => {
  for (; sent < seconds() * Number(rate); sent += 1) {
    sockets[sent % sockets.length]?.write(requests[Math.floor(sent / sockets.length) % requests.length] ?? "");
  }
}, 1);
setInterval(() => console.log(JSON.stringify({ answered, seconds: seconds() })), 500);
console.log(JSON.stringify({ msg: "flooding" }));
