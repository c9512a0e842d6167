/** A page whose part of this name, between two comments, is as it was made. */
export function withMade(text: string, name: string, made: string, by = "bun run generate"): string {
  const [begin, end] = [`<!-- ${name}: made by \`${by}\` -->`, `<!-- /${name} -->`];
  const [before, rest = ""] = text.split(begin);
  const after = rest.split(end)[1] ?? "";
  return `${before}${begin}\n${made}\n${end}${after}`;
}
