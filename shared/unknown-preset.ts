import { closestMatch } from "leven";

/** What is said of a preset that is not among those that there are: with the one that most likely was meant. */
export function unknownPreset(name: string, names: readonly string[]): string {
  const asked = name.slice(0, 64);
  const nearest = nearestTo(asked.toLowerCase(), names);
  const meant = nearest === undefined ? "" : `is ${nearest} meant? `;
  return `there is no preset ${JSON.stringify(asked)}; ${meant}${meant ? "There" : "there"} is ${names.join(", ")}`;
}

/** The one that is a few letters away, or else the first that begins so. */
const nearestTo = (name: string, names: readonly string[]) =>
  closestMatch(name, names, { maxDistance: Math.min(3, Math.floor(name.length / 3)) }) ??
  names.find((one) => name.length > 2 && one.startsWith(name));
