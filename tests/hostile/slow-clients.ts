import { key, type Rig } from "./rig.ts";
import { type Heard, speak } from "./speak.ts";

const order = `POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
const healthz = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";
const clients = [
  { bytes: "" },
  { bytes: healthz },
  { bytes: `${healthz}X: `, trickle: "y" },
  { bytes: `${order}Content-Length: 1000\r\n\r\n{` },
  { bytes: `${order}Content-Length: 1000\r\n\r\n{`, trickle: " " },
  { bytes: `${order}Transfer-Encoding: chunked\r\n\r\n`, trickle: "1\r\n \r\n" },
];

/** Clients that say what they have to say as slowly as they can; resolves when all have been let go. */
export const slowClients = ({ port }: Rig): Promise<Heard[]> =>
  Promise.all(
    Array.from({ length: 20 }, () => clients)
      .flat()
      .map((one) => speak({ port, patienceMs: 35_000, ...one })),
  );
