import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * What becomes of bytes: `frozen` are held back until it is over, `refused` connections end at once, `garbled` ones get
 * noise in place of the next chunk, and every request is `answered` with the same text.
 */
export type Mode =
  | { how: "passed" | "frozen" | "refused" | "garbled" }
  | { how: "delayed"; ms: number }
  | { how: "answered"; text: string };

export type TcpProxy = Awaited<ReturnType<typeof startTcpProxy>>;

/** Stands between two parts of a service and breaks their connections as told. */
export async function startTcpProxy(target: number, listenOn = 0) {
  const sockets = new Set<Socket>();
  let mode: Mode = { how: "passed" };
  let goal = target;
  let struck = 0;
  let thawed = Promise.withResolvers<void>();

  const set = (next: Mode) => {
    mode = next;
    thawed.resolve();
    thawed = Promise.withResolvers<void>();
  };

  /** What goes on instead of a chunk; undefined: nothing. */
  const broken = async (chunk: Buffer, from: Socket, isRequest: boolean): Promise<Buffer | undefined> => {
    while (mode.how === "frozen") {
      struck += 1;
      await thawed.promise;
    }
    if (mode.how === "passed" || (mode.how === "answered" && !isRequest)) return chunk;
    struck += 1;
    if (mode.how === "delayed") {
      await Bun.sleep(mode.ms);
      return chunk;
    }
    if (mode.how === "garbled") return Buffer.from(Uint8Array.from(chunk, (byte, index) => byte ^ (index * 37 + 91)));
    from.end(mode.how === "answered" ? mode.text : "");
    return undefined;
  };

  const pump = async (from: Socket, to: Socket, isRequest: boolean) => {
    try {
      for await (const chunk of from) {
        const passed = await broken(chunk, from, isRequest);
        if (!passed) break;
        if (!to.write(passed)) await Promise.race([once(to, "drain"), once(to, "close")]);
      }
      to.end();
    } catch {
      to.destroy();
    }
  };

  const server = createServer((near) => {
    if (mode.how === "refused") {
      struck += 1;
      near.destroy();
      return;
    }
    const far = connect(goal, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    far.on("error", () => near.destroy());
    far.on("close", () => near.destroySoon());
    near.on("close", () => far.destroySoon());
    void pump(near, far, true);
    void pump(far, near, false);
  });
  server.listen(listenOn, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  const cut = () => {
    struck += sockets.size / 2;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    set,
    /** Leads new connections to this port; those that there are stay as they are. */
    leadTo: (port: number) => {
      goal = port;
    },
    /** Everything passes again. */
    mend: () => set({ how: "passed" }),
    /** Ends every connection there is. */
    cut,
    /** How many connections or chunks have been broken so far. */
    get struck() {
      return Math.ceil(struck);
    },
    async [Symbol.asyncDispose]() {
      set({ how: "passed" });
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
