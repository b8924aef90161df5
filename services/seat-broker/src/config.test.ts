import { expect, test } from "vitest";
import { readTokenKeys } from "./config.ts";

test("token keys stand one a line, newest first", () => {
  const [newest, older] = readTokenKeys(`${"01".repeat(32)}\r\n\n ${"AB".repeat(32)} \n`);
  expect(newest).toEqual(new Uint8Array(32).fill(1));
  expect(older).toEqual(new Uint8Array(32).fill(0xab));
});

test.each(["", "\n", "01".repeat(31), "zz".repeat(32), `${"01".repeat(32)}\nx`])(
  "%j holds no token keys",
  (text) => {
    expect(() => readTokenKeys(text)).toThrow("64 hexadecimal digits");
  },
);
