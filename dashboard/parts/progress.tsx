type Props = { percent: number | undefined; label: string };

/** How far an encode is; without a number as long as that is unknown. */
export const Progress = ({ percent, label }: Props) => (
  <progress max={100} {...(percent !== undefined && { value: percent })} aria-label={label} />
);
