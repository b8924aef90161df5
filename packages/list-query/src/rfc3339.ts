const RFC3339 =
  /^(?<day>\d{4}-\d{2}-\d{2})[Tt](?<time>\d{2}:\d{2}:\d{2})(?:\.(?<fraction>\d{1,9}))?(?<zone>[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads a time of RFC 3339, in milliseconds since 1970; `undefined` if the text is none, or
 * is finer than milliseconds, which no time of the product is, or not of the years 1 to 9999.
 */
export function readTime(text: string): number | undefined {
  const { day = "", time = "", fraction = "", zone = "" } = RFC3339.exec(text)?.groups ?? {};
  const digits = fraction.padEnd(3, "0");
  if (day === "" || /[1-9]/.test(digits.slice(3))) return undefined;
  // A day that the month does not have would pass for one of the next month.
  const midnight = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day)) return undefined;
  if (time.startsWith("24")) return undefined;
  const at = new Date(`${day}T${time}.${digits.slice(0, 3)}${zone.toUpperCase()}`);
  const year = at.getUTCFullYear();
  return year >= 1 && year <= 9999 ? at.getTime() : undefined;
}
