import { apiKey, signOut } from "../state/session.ts";

const links = [
  ["jobs", "/#/", "Jobs"],
  ["workers", "/#/workers", "Workers"],
  ["charts", "/#/charts", "Charts"],
  ["api", "/docs", "API"],
] as const;

/** The frame's top, which every page has. `page` is the one that is shown. */
export const Header = ({ page }: { page: string }) => (
  <header>
    <a class="brand" href="/#/">
      <span aria-hidden="true">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 2h10v3H6v2h5v3H6v4H3z" />
        </svg>
      </span>
      <b>flux</b>
    </a>
    <nav aria-label="Main">
      {links.map(([name, href, title]) => (
        <a key={name} href={href} aria-current={page === name ? "page" : name === "jobs" && page === "job"}>
          {title}
        </a>
      ))}
    </nav>
    {apiKey.value && (
      <button type="button" class="quiet" onClick={signOut}>
        Sign out
      </button>
    )}
    <a class="button primary" href="/#/new" aria-current={page === "new" && "page"}>
      New job
    </a>
  </header>
);
