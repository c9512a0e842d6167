import { signal } from "@preact/signals";

const said = signal("");

/** Announces to screen readers what changes elsewhere on the page. */
export const announce = (text: string) => {
  said.value = text;
};

export const Announcements = () => (
  <p class="unseen" aria-live="polite">
    {said}
  </p>
);
