import { render } from "preact";
import { Guide } from "./docs/guide.tsx";
import type { Document } from "./docs/openapi.ts";

const place = document.getElementById("app") ?? document.body;

fetch("/openapi.json")
  .then(async (answer): Promise<Document> => answer.json())
  .then(
    (api) => render(<Guide api={api} />, place),
    () => render(<p class="empty">The service does not answer.</p>, place),
  );
