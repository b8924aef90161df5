import type { Dice } from "@leasehold/robustness/dice";

/** Texts that broke something somewhere. Well-formed Unicode, as a protobuf string must be. */
const TEXTS: readonly string[] = [
  "",
  " ",
  "\0",
  "a\nb",
  "a\r\nlevel=50 forged",
  "'; drop table license; --",
  "' or '1'='1",
  "$1 $2 %s %n {} ${7*7} {{7*7}}",
  "../../../../etc/passwd",
  "__proto__",
  "constructor.prototype",
  "toString",
  "\u202egnp.exe",
  "\u{1f4a9}".repeat(300),
  `e${"\u0301".repeat(10_000)}`,
  "a".repeat(10_000),
  "\uffff\ufffe",
  "2030-13-99T99:99:99Z",
  "1e400",
  "-0",
  "(".repeat(500),
  `display_name = "${"\\".repeat(99)}`,
  'create_time > "9999-12-31T23:59:60Z" AND NOT NOT NOT state = ACTIVE',
  "a@b",
  `${"x".repeat(300)}@example.com`,
  "<script>alert(1)</script>",
  "eyJhbGciOiJub25lIn0.e30.",
];

export function hostileText(dice: Dice): string {
  return dice.pick(TEXTS);
}
