import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { guardedFolder, startPostgres, startRedis } from "@leasehold/testkit";
import type { Outcome } from "../outcome.ts";
import type { Dice } from "../site/dice.ts";
import { MUTANT_VARIABLE, SCRIPTS_VARIABLE } from "./environment.ts";
import { mutated } from "./mutant.ts";
import { type MutantName, MUTANT_NAMES, MUTANTS } from "./mutants.ts";
import { type Ending, type Environment, runTests } from "./run-tests.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCRIPTS = "services/seat-broker/lua";
/** Runs of tests at a time. */
const AT_ONCE = 2;
/** How many a quick run tries. */
const SOME = 8;

/**
 * Leaves one rule of the protocol out after the other, and sees whether the test fails that is named for
 * it. The same test has to pass with the rule.
 */
export async function survivors(
  names: readonly MutantName[],
  say: (line: string) => void,
): Promise<Outcome> {
  await using postgres = await startPostgres();
  await using redis = await startRedis();
  const stores = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const sound = await runTests(names.map(testOf), stores);
  const failures: string[] = [];
  const check = async (name: MutantName) => {
    const { test } = testOf(name);
    const before = sound(test);
    const after = before === "passes" ? await endingWith(name, stores) : before;
    say(`${name}: its test ${before} with the rule, ${after} without`);
    if (before !== "passes") failures.push(`mutation: with every rule "${test}" ${before}`);
    else if (after !== "fails") failures.push(`mutation: ${name} survives "${test}"`);
  };
  const waiting = [...names];
  const checkAll = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) await check(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, checkAll));
  const figures = {
    mutants: names.length,
    mutantsKnown: MUTANT_NAMES.length,
    mutantsSurvived: failures.length,
  };
  return { figures, failures };
}

/** Others with every seed. */
export function someOf<Name>(names: readonly Name[], dice: Dice): readonly Name[] {
  return dice.shuffle(names).slice(0, SOME);
}

function testOf(name: MutantName) {
  return MUTANTS[name].caughtBy;
}

/** How the test of a mutant ends on the mutant. */
async function endingWith(name: MutantName, stores: Environment): Promise<Ending> {
  const mutant = MUTANTS[name];
  await using scripts = await guardedFolder("mutant");
  await cp(join(ROOT, SCRIPTS), scripts.path, { recursive: true });
  if (mutant.file.startsWith(SCRIPTS)) {
    const file = join(scripts.path, mutant.file.slice(SCRIPTS.length));
    await writeFile(file, mutated(mutant, await readFile(file, "utf8")));
  }
  const environment = {
    ...stores,
    [MUTANT_VARIABLE]: name,
    [SCRIPTS_VARIABLE]: scripts.path,
  };
  return (await runTests([mutant.caughtBy], environment))(mutant.caughtBy.test);
}
