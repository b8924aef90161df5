/** What makers write where they have nothing to write, in lower case. */
const PLACEHOLDERS: readonly string[] = [
  "0",
  "default string",
  "empty",
  "localhost",
  "localhost.localdomain",
  "n/a",
  "na",
  "none",
  "not applicable",
  "not available",
  "not specified",
  "null",
  "oem",
  "o.e.m.",
  "system serial number",
  "base board serial number",
  "to be filled by o.e.m.",
  "uninitialized",
  "unknown",
  // A UUID that many boards were delivered with.
  "03000200-0400-0500-0006-000700080009",
];

/** Names that a monitor gives the disks of every machine it runs. */
const PATTERNS: readonly RegExp[] = [/^qm\d{5}$/, /^drive-[a-z]+\d+$/];

/** Whether a text tells nothing about the one machine that it was read on. */
export function isPlaceholder(text: string): boolean {
  const word = text.trim().toLowerCase();
  // Zeros, or Fs, or one other sign again and again; `123456789` counts up, and says as little.
  const digits = word.replaceAll(/[-:. ]/g, "");
  return (
    digits === "" ||
    PLACEHOLDERS.includes(word) ||
    PATTERNS.some((pattern) => pattern.test(word)) ||
    /^(.)\1*$/.test(digits) ||
    "0123456789".includes(digits)
  );
}
