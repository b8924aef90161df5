import { expect, test } from "vitest";
import { configSchema } from "./config.ts";
import { readKeys } from "./config-unlock.ts";

const { unlockTriesPerNetwork } = configSchema.fields;

test.each([
  ["600/1m", { count: 600, periodMs: 60_000 }],
  ["1/1d", { count: 1, periodMs: 86_400_000 }],
])("the rate %s is %j", (text, value) => {
  expect(unlockTriesPerNetwork.read(text)).toEqual({ value });
});

test.each(["", "600", "600/", "0/1m", "-1/1m", "600/1", "600/100ms", "600/2d", "1000001/1m"])(
  "%j is no rate",
  (text) => {
    expect(unlockTriesPerNetwork.read(text)).toHaveProperty("fault");
  },
);

test("keys stand one a line, the newest first, with empty lines between them if you like", () => {
  const [newest, older] = ["ab".repeat(32), "CD".repeat(32)];
  expect(readKeys(`${newest}\r\n\n  ${older}\n`).map(([first]) => first)).toEqual([0xab, 0xcd]);
});

test.each(["", "\n", "ab", `${"ab".repeat(32)}\nab`])(
  "%j holds no keys, and is not quoted",
  (text) => {
    expect(() => readKeys(text)).toThrow(/^must hold 64 hexadecimal digits/);
  },
);
