import { parseLicenseFile } from "@leasehold/license-format";
import { expect, test } from "vitest";
import { Findings } from "../findings.ts";
import { tryWays } from "./files.ts";
import { fileKinds } from "./kinds.ts";

test("files of every kind are believed as they were written, and in no other way", async () => {
  for (const kind of await fileKinds()) {
    const findings = new Findings("");
    await tryWays(kind, findings);
    expect([kind.kind, findings.failures]).toEqual([kind.kind, []]);
  }
});

test("a reader that takes the first block of a doubled file is caught", async () => {
  const [license] = await fileKinds();
  const findings = new Findings("");
  const believed = (text: string) => {
    const end = text.indexOf("-----END LEASEHOLD LICENSE-----");
    return license!.believed(
      end < 0 ? text : `${text.slice(0, end)}-----END LEASEHOLD LICENSE-----\n`,
    );
  };
  await tryWays({ ...license!, believed }, findings);
  expect(findings.failures.join()).toContain("license file, doubled");
});

test("a reader that believes what is not signed is caught", async () => {
  const [license] = await fileKinds();
  const findings = new Findings("");
  const believed = async (text: string) => {
    const parsed = parseLicenseFile(text);
    return parsed.kind === "parsed" ? "believed" : undefined;
  };
  await tryWays({ ...license!, believed }, findings);
  expect(findings.failures.join()).toContain("license file, members");
});
