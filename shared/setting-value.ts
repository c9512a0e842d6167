/** What a setting holds, after what is wrong with it; nothing of what may be secret. */
export function quoted(name: string, value: string | undefined): string {
  if (value === undefined || isSecret(name)) return "";
  return `; it is ${shown(value)}${hasComment(value) ? `, and ${commentWords}` : ""}`;
}

const commentWords = "what follows # belongs to the value: put comments on lines of their own";

/** Says of a value that it seems to end with a comment. */
export const commentIn = (name: string, value: string) =>
  hasComment(value) && !isSecret(name) ? [`${name} is ${shown(value)}: ${commentWords}`] : [];

// Docker's --env-file and systemd know no comments at the end of a line, though shells do.
const hasComment = (value: string) => /\s#/.test(value);

const isSecret = (name: string) => /(KEY|TOKEN|SECRETS?|PASSWORD|HEADERS)$/.test(name);

const longest = 100;

const shown = (value: string) =>
  JSON.stringify(value.slice(0, longest).replace(/\/\/[^/@\s]*@/g, "//...@")) + (value.length > longest ? "..." : "");
