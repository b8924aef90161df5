/** By what windows are shortened, and how short they may become, in seconds. */
const FACTOR = 20;
const LEAST_S = 5;
const UNIT_S = { s: 1, m: 60, h: 3_600 } as const;

/**
 * The rules with every window, offset, look ahead and `for` a twentieth as long, five seconds at least: an incident
 * that takes an hour in life is over in minutes. Thresholds stay as they are.
 */
export function shortenRules(text: string): string {
  return text
    .replaceAll(
      /\[(\d+)([smh])\]/g,
      (_, count: string, unit: string) => `[${shorter(count, unit)}]`,
    )
    .replaceAll(
      /offset (\d+)([smh])/g,
      (_, count: string, unit: string) => `offset ${shorter(count, unit)}`,
    )
    .replaceAll(
      /(predict_linear\(.+\], )(\d+) \* 3600\)/g,
      (_, before: string, hours: string) => `${before}${(Number(hours) * UNIT_S.h) / FACTOR})`,
    )
    .replaceAll(
      /^(\s+for: )(\d+)([smh])$/gm,
      (_, before: string, count: string, unit: string) => before + shorter(count, unit),
    );
}

function shorter(count: string, unit: string): string {
  const seconds = Number(count) * UNIT_S[unit as keyof typeof UNIT_S];
  return `${Math.max(LEAST_S, Math.round(seconds / FACTOR))}s`;
}
