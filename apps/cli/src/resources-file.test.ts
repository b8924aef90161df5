import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readResourcesFile } from "./resources-file.ts";
import { UsageError } from "./usage-error.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-resources-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return readResourcesFile(path);
}

const PLANT = { externalId: "0017", displayName: "Plant, east", kind: "" };
const ARCHIVE = { externalId: "db-2", displayName: 'The "old" one', kind: "archive" };

test.each([
  [
    "a.csv",
    '\ufeffexternalId,displayName,kind\r\n0017,"Plant, east",\r\n\r\ndb-2,"The ""old"" one",archive\r\n',
  ],
  ["b.csv", 'kind,externalId,displayName\n,0017,"Plant, east"\narchive,db-2,"The ""old"" one"'],
  ["c.json", JSON.stringify([{ externalId: "0017", displayName: "Plant, east" }, ARCHIVE])],
  [
    "d.yaml",
    "- externalId: 0017\n  displayName: Plant, east\n- { externalId: db-2, displayName: 'The \"old\" one', kind: archive }\n",
  ],
])("%s has what is in it, texts as they are written", (name, text) => {
  expect(read(name, text)).toEqual([PLANT, ARCHIVE]);
});

test("a resource without a name is called as it calls itself", () => {
  expect(read("e.csv", "externalId\ndb-1\n")).toEqual([
    { externalId: "db-1", displayName: "db-1", kind: "" },
  ]);
});

test.each([
  ["a column that is unknown", "f.csv", "externalId,secret\na,b\n", "is not made of"],
  ["a line that is too long", "g.csv", "externalId\na,b\n", "g.csv"],
  ["a quote that does not end", "h.csv", 'externalId\n"a\n', "h.csv"],
  ["no external id", "i.csv", "externalId,displayName\n,a\n", "entry 1 has no externalId"],
  ["no list", "j.json", "{}", "has no list in it"],
  ["a list of texts", "k.json", '["a"]', "entry 1 is not made of"],
  ["what is no JSON", "l.json", "[", "l.json"],
])("a file with %s is refused", (_, name, text, why) => {
  expect(() => read(name, text)).toThrow(UsageError);
  expect(() => read(name, text)).toThrow(why);
});
