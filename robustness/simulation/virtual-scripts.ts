import { readdirSync, readFileSync } from "node:fs";
import { type Script, scriptOf } from "@leasehold/store-kit";
import { seatScript } from "../../services/seat-broker/src/store/lua-source.ts";

const LUA = new URL("../../services/seat-broker/lua/", import.meta.url);

/** A change to the text of scripts, as a mutant makes it. */
export interface ScriptEdit {
  readonly find: string;
  readonly put: string;
}

// What a script gets from Redis itself. It is told by two keys behind its own, so that nothing
// has to be written down for it. What is to expire is noted, for the simulation to expire it;
// what keeps the ledger from telling of a denial twice stays.
const VIRTUAL_CLOCK = `
local function time_ms() return tonumber(KEYS[#KEYS - 1]) end
local function this_incarnation() return KEYS[#KEYS] end
local function in_cluster() return false end
`;
const NOTE_EXPIRY = "redis.call('ZADD', BASE .. 'expiring', ";

/**
 * The scripts of the seat-broker by the names that it calls them by, their SHA-1. They are the
 * real ones but for `lib/clock.lua` and expiry by Redis, and for the edits.
 */
export function virtualScripts(edits: readonly ScriptEdit[] = []): Map<string, Script> {
  const clock = readFileSync(new URL("lib/clock.lua", LUA), "utf8");
  const scripts = new Map<string, Script>();
  const unused = new Set(edits);
  for (const file of readdirSync(LUA)) {
    if (!file.endsWith(".lua")) continue;
    const { name, source, sha1 } = seatScript(file);
    let edited = source
      .replace(clock, VIRTUAL_CLOCK)
      .replaceAll(
        /redis\.call\('PEXPIRE', (\w), ((?:[^()]|\([^()]*\))+)\)/g,
        `${NOTE_EXPIRY}$2, $1)`,
      )
      .replaceAll("'NX', 'PX', DENIALS_APART_MS", "'NX'");
    for (const edit of edits) {
      if (!edited.includes(edit.find)) continue;
      edited = edited.replace(edit.find, () => edit.put);
      unused.delete(edit);
    }
    if (/'TIME'|'INFO'|'P?EXPIRE'|'[PE]X'/.test(edited))
      throw new Error(`${file} asks the real Redis`);
    scripts.set(sha1, scriptOf(name, edited));
  }
  for (const { find } of unused) throw new Error(`no script says ${JSON.stringify(find)}`);
  return scripts;
}
