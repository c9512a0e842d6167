import { numbersIn, picturesOf, tonesIn } from "./numbered.ts";

/** A film whose pictures say their numbers, as ffmpeg alone reads it. */
export type Judged = {
  /** When each picture is shown, and which number it says. */
  pictures: readonly { seconds: number; number: number }[];
  tones: readonly number[];
};

export async function judgedSource(file: string): Promise<Judged> {
  const [times, numbers, tones] = await Promise.all([picturesOf(file), numbersIn(file), tonesIn(file)]);
  if (times.length !== numbers.length) throw new Error(`${file}: ${times.length} times, ${numbers.length} pictures`);
  const pictures = times.map((seconds, at) => ({ seconds, number: numbers[at] ?? -1 }));
  return { pictures: pictures.toSorted((one, other) => one.seconds - other.seconds), tones };
}

/** The moment at which a clip begins or ends that is to do so here: at the nearest picture, within half of one. */
export function momentOf({ pictures }: Judged, seconds: number, interval: number): number {
  const distance = (one: number) => Math.abs(one - seconds);
  const [nearest = seconds] = pictures.map((one) => one.seconds).toSorted((a, b) => distance(a) - distance(b));
  return distance(nearest) <= interval / 2 + 1e-6 ? nearest : seconds;
}

/** The numbers that pictures at a steady rate show of a part of the source. */
export function expectedNumbers({ pictures }: Judged, from: number, to: number, rate: number): number[] {
  const places = pictures.map(({ seconds, number }) => ({ place: Math.round((seconds - from) * rate), number }));
  return Array.from({ length: Math.round((to - from) * rate) }, (_, at) => {
    return (places.findLast(({ place }) => place <= at) ?? places[0])?.number ?? -1;
  });
}

/** How much earlier or later than in the source the first whole tone of a clip begins, in seconds; undefined without one. */
export async function toneShift({ tones }: Judged, file: string, from: number, to: number) {
  const expected = tones.filter((seconds) => seconds > from + 0.15 && seconds < to - 0.1).map((one) => one - from);
  const found = await tonesIn(file);
  const shifts = expected.map((one) => {
    const [nearest = Number.POSITIVE_INFINITY] = found
      .map((other) => other - one)
      .toSorted((a, b) => Math.abs(a) - Math.abs(b));
    return nearest;
  });
  return shifts.toSorted((a, b) => Math.abs(b) - Math.abs(a)).at(0);
}
