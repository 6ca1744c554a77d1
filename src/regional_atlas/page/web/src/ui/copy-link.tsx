import { useState } from "preact/hooks";
import { useWords } from "./context.ts";

/** Copies the address, which holds the card that is open. */
export function CopyLink() {
  const { w } = useWords();
  const [copied, setCopied] = useState(false);
  return (
    <>
      <button type="button" class="ra-chip" onClick={() => void navigator.clipboard.writeText(location.href).then(() => setCopied(true))}>
        {w("copyLink")}
      </button>
      <span class="ra-quiet ra-copied" role="status">
        {copied ? w("copied") : ""}
      </span>
    </>
  );
}
