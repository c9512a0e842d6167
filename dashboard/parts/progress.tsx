type Props = { percent: number | undefined; label: string };

/** A progress bar; without a number it shows that the progress is unknown. */
export const Progress = ({ percent, label }: Props) => (
  <progress max={100} {...(percent !== undefined && { value: percent })} aria-label={label} />
);
