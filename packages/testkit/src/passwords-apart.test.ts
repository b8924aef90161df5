import { expect, test } from "vitest";
import { passwordsApart } from "./passwords-apart.ts";

test.each([
  ["postgres://app:p%40ss@h:1/d", { url: "postgres://app@h:1/d", password: "p@ss" }],
  ["postgres://app@h/d", { url: "postgres://app@h/d" }],
  ["redis://:x@h:1/3", { url: "redis://h:1/3", password: "x" }],
  ["redis+cluster://u:x@h:1,i:2", { url: "redis+cluster://u@h:1,i:2", password: "x" }],
  [
    "redis+sentinel://:x@s:1,t/seats?sentinel-password=y&database=2",
    { url: "redis+sentinel://s:1,t/seats?database=2", password: "x", sentinelPassword: "y" },
  ],
  [
    "redis+sentinel://s/seats?sentinel-password=y",
    { url: "redis+sentinel://s/seats", sentinelPassword: "y" },
  ],
])("the passwords of %s", (url, apart) => {
  expect(passwordsApart(url)).toEqual(apart);
});
