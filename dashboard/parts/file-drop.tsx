import { useEffect } from "preact/hooks";
import { bytes } from "../format.ts";
import { askWhetherItTakesUploads, forgetUpload, takesUploads, uploads } from "../state/uploads.ts";
import { Progress } from "./progress.tsx";

type Props = { onFiles(files: readonly File[]): void };

/** Takes files that are dropped on the page or chosen, and shows how much of each is uploaded; nothing where none are taken. */
export function FileDrop({ onFiles }: Props) {
  useEffect(() => {
    void askWhetherItTakesUploads();
    const allow = (event: DragEvent) => {
      if (takesUploads.value && event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      allow(event);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (takesUploads.value && files.length > 0) onFiles(files);
    };
    document.addEventListener("dragover", allow);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", allow);
      document.removeEventListener("drop", drop);
    };
  }, []);

  if (!takesUploads.value) return null;
  return (
    <div class="file-drop">
      <label for="files">Or upload files</label>
      <input
        id="files"
        type="file"
        multiple
        aria-describedby="files-about"
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
      <small id="files-about" class="hint">
        Choose them, or drop them anywhere on this page: each job starts when its file is there, as the form says then.
      </small>
      <ul>
        {[...uploads.value].map(([number, { name, sent, total, problem }]) => (
          <li key={number}>
            <span>{name}</span>
            {problem === undefined ? (
              <>
                <Progress percent={total > 0 ? (sent / total) * 100 : 0} label={`Upload of ${name}`} />
                <small class="hint">
                  {bytes(sent)} of {bytes(total)}
                </small>
              </>
            ) : (
              <small class="problem" role="alert">
                {problem}{" "}
                <button type="button" onClick={() => forgetUpload(number)}>
                  Dismiss
                </button>
              </small>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
