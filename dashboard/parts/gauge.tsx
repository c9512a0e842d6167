type Props = {
  title: string;
  value: number;
  max: number;
  /** The share from which on the value is a warning. Default: none. */
  high?: number;
  /** The value in words. */
  words: string;
  /** What the value means, for who does not know. */
  note?: string | undefined;
};

/** A measure with its share of the whole as a bar. */
export const Gauge = ({ title, value, max, high = Number.POSITIVE_INFINITY, words, note }: Props) => (
  <div class={value >= max * high ? "gauge high" : "gauge"}>
    <p>
      <span>{title}</span> <b>{words}</b>
    </p>
    <meter max={max} value={value} aria-label={`${title}: ${words}`} />
    {note && <small class="hint">{note}</small>}
  </div>
);
