import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Script, scriptOf } from "@leasehold/store-kit";

const LUA = new URL("../../lua/", import.meta.url);

/**
 * Reads a script of `lua/`. A line `--@include x` stands for `lua/lib/x.lua`: Redis knows
 * no shared code, so each script carries what it uses.
 */
export function seatScript(file: string): Script {
  const source = readFileSync(new URL(file, LUA), "utf8");
  const whole = source.replaceAll(/^--@include (\w+)$/gm, (_, library: string) =>
    readFileSync(new URL(`lib/${library}.lua`, LUA), "utf8"),
  );
  return scriptOf(basename(file, ".lua"), whole);
}
