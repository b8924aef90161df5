/** Longest status text that leaves the server, in characters. */
const LONGEST = 512;

/**
 * A status text that is safe to send: printable ASCII, capped. The transport ends the
 * process over a text that is not well-formed Unicode, so every status goes through here.
 */
export function statusText(text: string): string {
  return text.slice(0, LONGEST).replaceAll(/[^\u0020-\u007e]/g, "?");
}
