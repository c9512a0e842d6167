/** Tries one hostile input; tells what should not have happened. */
export type Try = (name: string) => Promise<string | undefined>;

/** Tries each of these, some at a time, and returns all complaints. */
export async function tryEach(names: readonly string[], attempt: Try, lanes: number): Promise<string[]> {
  const complaints: string[] = [];
  const left = names.values();
  const lane = async () => {
    for (const name of left) {
      const complaint = await attempt(name);
      if (complaint) complaints.push(`${name}: ${complaint}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return complaints;
}

/** Counts hostile inputs by what they are, and those that got through. */
export function makeTally() {
  const rows: [what: string, inputs: number, through: number][] = [];
  const total = () => ({
    inputs: rows.reduce((sum, [, inputs]) => sum + inputs, 0),
    through: rows.reduce((sum, [, , through]) => sum + through, 0),
  });
  const line = (what: string, inputs: number, through: number) =>
    `${String(inputs).padStart(5)} ${what}, ${through} got through\n`;

  return {
    count: (...row: (typeof rows)[number]) => void rows.push(row),
    total,
    table: () => rows.map((row) => line(...row)).join("") + line("hostile inputs", total().inputs, total().through),
  };
}
