import { Fragment } from "preact";

/** What is known of something, by its name; what is not known is left out. */
export const Facts = ({ of }: { of: Readonly<Record<string, string | number | false | undefined>> }) => (
  <dl>
    {Object.entries(of).map(([name, value]) =>
      value ? (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ) : null,
    )}
  </dl>
);
