/** What the scores of a film's pictures come to. */
export type Summary = ReturnType<typeof summaryOf>;

const worstSeconds = 2;
const mostParts = 100;

/** Sums up scores of which there is at least one, of pictures that come at an even rate. */
export function summaryOf(scores: readonly number[], framesPerSecond: number) {
  const sorted = scores.toSorted((a, b) => a - b);
  // The nearest rank, so that it is the score of some picture.
  const percentile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    mean: rounded(mean(scores)),
    /** As libvmaf makes it: the number of scores by the sum of 1 / (score + 1), minus 1. */
    harmonicMean: rounded(scores.length / scores.reduce((sum, score) => sum + 1 / (score + 1), 0) - 1),
    /** The score that 1 of 100 pictures does not exceed. */
    p1: rounded(percentile(0.01)),
    /** The score that 5 of 100 pictures do not exceed. */
    p5: rounded(percentile(0.05)),
    /** The two seconds whose mean is the lowest; all of a film that is shorter. */
    worst: worstOf(scores, framesPerSecond),
    /** The means of at most 100 parts of equal length, in their order. */
    scores: parts(scores).map((part) => rounded(mean(part))),
  };
}

const mean = (scores: readonly number[]) => scores.reduce((sum, score) => sum + score, 0) / scores.length;

function worstOf(scores: readonly number[], framesPerSecond: number) {
  const length = Math.min(scores.length, Math.max(1, Math.round(worstSeconds * framesPerSecond)));
  let sum = scores.slice(0, length).reduce((total, score) => total + score, 0);
  let lowest = { at: 0, sum };
  for (let at = 1; at + length <= scores.length; at += 1) {
    sum += (scores[at + length - 1] ?? 0) - (scores[at - 1] ?? 0);
    if (sum < lowest.sum) lowest = { at, sum };
  }
  const seconds = (frames: number) => rounded(frames / framesPerSecond);
  return { startSeconds: seconds(lowest.at), durationSeconds: seconds(length), mean: rounded(lowest.sum / length) };
}

function parts(scores: readonly number[]): (readonly number[])[] {
  const count = Math.min(mostParts, scores.length);
  const begin = (at: number) => Math.floor((at * scores.length) / count);
  return Array.from({ length: count }, (_, at) => scores.slice(begin(at), begin(at + 1)));
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
