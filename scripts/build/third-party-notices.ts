import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the package that a file belongs to. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The comments that a file begins with: where packages without a license file have their notices. */
const HEAD = /^(?:\/\/.*\n)+/;

/** What has to be told of code of others that is passed on: the packages of these files, with their licenses. */
export function thirdPartyNotices(files: readonly string[]): string {
  const byPackage = Map.groupBy(files, (file) => PACKAGE.exec(file)?.[0] ?? "");
  return [...byPackage]
    .filter(([folder]) => folder !== "")
    .map(([folder, ofIt]) => noticeOf(folder, ofIt))
    .toSorted()
    .join("\n");
}

function noticeOf(folder: string, files: readonly string[]): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { readonly name: string; readonly version: string; readonly license: string };
  const told = globSync("{LICENSE,LICENCE,NOTICE}*", { cwd: folder }).toSorted();
  const texts =
    told.length > 0
      ? told.map((file) => readFileSync(join(folder, file), "utf8"))
      : [...new Set(files.map(headOf))].filter((head) => head !== "");
  if (texts.length === 0) throw new Error(`${name} tells no license`);
  return [`${name} ${version}, ${license}`, ...texts.map((text) => text.trim()), ""].join("\n\n");
}

function headOf(file: string): string {
  const head = HEAD.exec(readFileSync(file, "utf8"))?.[0] ?? "";
  return head.replaceAll(/^\/\/ ?/gm, "");
}
