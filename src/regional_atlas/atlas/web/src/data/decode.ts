/** Reads the blocks that the build embedded in the page. */

function blockText(id: string): string {
  const element = document.getElementById(id);
  if (!element?.textContent) throw new Error(`The page has no block "${id}"; it was not saved completely.`);
  return element.textContent;
}

export function readJson(id: string): unknown {
  return JSON.parse(blockText(id));
}

/** Base64 of gzip of JSON. */
export async function readPacked(id: string): Promise<unknown> {
  const binary = atob(blockText(id).trim());
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}
