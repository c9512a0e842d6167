// A peer that is not ours: Node, plain grpc-js, and the .proto read at run time. Prints what one call answers.
const { join } = require("node:path");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, call, request, token] = process.argv.slice(2);
const proto = join(__dirname, "../../proto/worker/v1/worker.proto");
const { worker } = grpc.loadPackageDefinition(
  loader.loadSync(proto, { keepCase: true, longs: String, enums: String, defaults: true }),
);
const client = new worker.v1.WorkerService(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${token}`);

const print = (answer) => {
  process.stdout.write(JSON.stringify(answer));
  client.close();
};
const failed = ({ code, details, metadata: trailers }) => print({ code, details, kind: trailers.get("fault-kind")[0] });

if (call === "SubmitJob") {
  const events = [];
  client
    .SubmitJob(JSON.parse(request), metadata)
    .on("data", (event) => events.push(event))
    .on("end", () => events.length > 0 && print(events))
    .on("error", failed);
} else {
  client[call](JSON.parse(request), metadata, (error, answer) => (error ? failed(error) : print(answer)));
}
