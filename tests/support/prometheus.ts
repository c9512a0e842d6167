import { join } from "node:path";
import { freePort, startCommand } from "./processes.ts";

type Series = { metric: Record<string, string>; value: number };
type Answer = {
  error?: string;
  data?: { result: { metric: Series["metric"]; value: [number, string] }[] };
};

/** A Prometheus that follows a configuration written into a folder. */
export async function startPrometheus(program: string, folder: string, config: string) {
  const port = await freePort();
  await Bun.write(join(folder, "prometheus.yml"), config);
  const argv = [
    program,
    "--log.format=json",
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const running = await startCommand(argv, {}, "Server is ready to receive web requests.");
  const query = async (expression: string): Promise<Series[]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data, error }: Answer = JSON.parse(await answer.text());
    if (!data) throw new Error(`${expression}: ${error}`);
    return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  };
  return Object.assign(running, {
    query,
    /** The one value of an expression; undefined when there is none. */
    value: async (expression: string) => (await query(expression))[0]?.value,
  });
}

/** What promtool says of a text or of files; empty when it is content. */
export async function promtoolSays(argv: string[], text = ""): Promise<string> {
  const tool = Bun.spawn(argv, { stdin: Buffer.from(text), stdout: "pipe", stderr: "pipe" });
  const [said, complained] = await Promise.all([new Response(tool.stdout).text(), new Response(tool.stderr).text()]);
  return (await tool.exited) === 0 && complained === "" ? "" : `${said}${complained}`;
}
