import { connect, createServer, type Server, type Socket } from "node:net";

type Outcome = "hang" | "lost" | `${number} ${string}`;
type Break = { command: RegExp; outcome: Outcome; times: number };

/** Before an FTP server without TLS: breaks commands as told, and cuts data connections. */
export async function startFtpProxy(port: number) {
  const breaks: Break[] = [];
  const cuts: number[] = [];
  const commands: string[] = [];
  const translations: [RegExp, string][] = [];
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();
  let logins = 0;

  const listen = async (onSocket: (socket: Socket) => void) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      onSocket(socket);
    });
    servers.add(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    return typeof address === "object" ? (address?.port ?? 0) : 0;
  };

  const translated = (data: Buffer) =>
    translations.reduce((text, [reply, other]) => text.replace(reply, other), String(data));

  const outcomeOf = (command: string) => {
    const next = breaks.find((one) => one.times > 0 && one.command.test(command));
    if (next) next.times -= 1;
    return next?.outcome;
  };

  // Cuts both ends once so many bytes have passed, if told to.
  const carryData = (client: Socket, target: number) => {
    const server = join(client, target, sockets);
    let left = Number.POSITIVE_INFINITY;
    client.on("data", (chunk: Buffer) => {
      if (left === Number.POSITIVE_INFINITY) left = cuts.shift() ?? Number.MAX_SAFE_INTEGER;
      left -= chunk.length;
      server.write(left < 0 ? chunk.subarray(0, Math.max(0, chunk.length + left)) : chunk);
      if (left < 0) client.resetAndDestroy();
    });
    client.on("end", () => server.end());
    server.on("data", (chunk: Buffer) => client.write(chunk)).on("end", () => client.end());
  };

  const control = await listen((client) => {
    logins += 1;
    const server = join(client, port, sockets);
    let isLost = false;
    client.on("data", (data: Buffer) => {
      for (const command of String(data).split("\r\n").filter(Boolean)) {
        commands.push(command);
        const outcome = outcomeOf(command);
        isLost = outcome === "lost";
        if (outcome === undefined || isLost) server.write(`${command}\r\n`);
        else if (outcome !== "hang") client.write(`${outcome}\r\n`);
      }
    });
    server.on("data", async (data: Buffer) => {
      const [, target] = /^229 .*\|\|\|(\d+)\|/.exec(String(data)) ?? [];
      const own = target && (await listen((socket) => carryData(socket, Number(target))));
      if (isLost) client.destroy();
      else client.write(own ? `229 Entering Extended Passive Mode (|||${own}|)\r\n` : translated(data));
    });
  });

  return {
    port: control,
    commands,
    logins: () => logins,
    open: () => [...sockets].filter((socket) => !socket.destroyed).length,
    /** What becomes of the next commands that match: a reply of ours, none at all, or the connection cut after it. */
    break(outcome: Outcome, command: RegExp, times = 1) {
      breaks.push({ command, outcome, times });
    },
    /** Replies in other words than the server's. */
    translate: (reply: RegExp, other: string) => translations.push([reply, other]),
    /** Cuts the next data connection that sends, after so many bytes; again for the one after it. */
    cut: (...bytes: number[]) => cuts.push(...bytes),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}

/** A connection to the server that ends with the client's, and the other way round. */
function join(client: Socket, port: number, sockets: Set<Socket>): Socket {
  const server = connect(port, "127.0.0.1");
  sockets.add(server);
  const end = () => {
    client.destroy();
    server.destroy();
    sockets.delete(client);
    sockets.delete(server);
  };
  // What came before a proper end still has to be passed on.
  client.on("close", () => (client.readableEnded ? server.end() : end())).on("error", end);
  server.on("close", end).on("error", end);
  return server;
}
