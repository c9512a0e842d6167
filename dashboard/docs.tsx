import { render } from "preact";
import { Guide } from "./docs/guide.tsx";
import type { Document } from "./docs/openapi.ts";
import { Header } from "./parts/header.tsx";

const place = document.getElementById("app") ?? document.body;

fetch("/openapi.json")
  .then(async (answer): Promise<Document> => answer.json())
  .then(
    (api) => {
      render(<Guide api={api} />, place);
      // What the address names was not there yet when the browser looked for it.
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
    },
    () =>
      render(
        <>
          <Header page="api" />
          <p class="empty">The service does not answer.</p>
        </>,
        place,
      ),
  );
