// Python's memory as it is when Python has begun and nothing else: kept for the next page, which starts from it
// in a third of the time. It is made and used by one browser, and by one state of the book's files.

export const NAME = "memory";

/** Where it is kept. @param {string} files where the list of files is, with its version */
export function addressOf(files) {
  const { search } = new URL(files, location.href);
  return new URL(`./python/${NAME}${search}-${encodeURIComponent(navigator.userAgent)}`, import.meta.url).href;
}

/** @param {ArrayBuffer} content */
async function digestOf(content) {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))].join();
}

/**
 * Keep it; a full disk is no reason not to run.
 * @param {Cache} kept @param {string} address @param {ArrayBuffer} content
 */
export async function keep(kept, address, content) {
  const headers = { digest: await digestOf(content) };
  await kept.put(address, new Response(content, { headers })).catch(() => undefined);
}

/** What was kept, if it is whole. @param {Response} found */
export async function recall(found) {
  const content = await found.arrayBuffer();
  if ((await digestOf(content)) !== found.headers.get("digest")) throw new Error("Python's memory is damaged");
  return content;
}
