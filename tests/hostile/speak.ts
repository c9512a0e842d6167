import { connect } from "node:net";

export type Heard = { statuses: number[]; text: string; isClosed: boolean };

type Options = { port: number; bytes: string | Buffer; patienceMs?: number; trickle?: string };

/**
 * Says exactly these bytes, then a piece more twice a second, and listens until the connection ends, nothing more comes
 * of an answer that has begun, or for so long.
 */
export const speak = ({ port, bytes, patienceMs = 2_000, trickle }: Options) =>
  new Promise<Heard>((resolve) => {
    const pieces: string[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const more = trickle === undefined ? undefined : setInterval(() => socket.write(trickle), 500);
    const end = (isClosed: boolean) => {
      clearTimeout(timer);
      clearInterval(more);
      socket.destroy();
      const text = pieces.join("");
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      resolve({ statuses, text, isClosed });
    };
    let timer = setTimeout(() => end(false), patienceMs);
    socket.on("data", (piece) => {
      pieces.push(piece.toString("latin1"));
      clearTimeout(timer);
      timer = setTimeout(() => end(false), 200);
    });
    socket.on("error", () => {});
    socket.on("close", () => end(true));
  });
