import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clockLibrary, STEP_OFFSET } from "./clock-library.ts";

/** The wall clock of the processes that loaded its library; the monotonic clock stays as it is. */
export interface SteppedClock {
  /** Path of the library, for LD_PRELOAD. */
  readonly library: string;
  /** Steps it, back if negative. Whole seconds. */
  stepBy(seconds: number): Promise<void>;
}

/**
 * A clock for processes that are about to be started.
 * @returns `undefined` where it cannot be had: elsewhere than on Linux on x86-64
 */
export async function steppedClock(
  folder: string,
  name = "clock",
): Promise<SteppedClock | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const library = join(folder, `${name}.so`);
  await writeFile(library, clockLibrary());
  let step = 0n;
  return {
    library,
    stepBy: async (seconds) => {
      step += BigInt(seconds);
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(step);
      // In place: the file must stay the one that is mapped.
      await using file = await open(library, "r+");
      await file.write(bytes, 0, bytes.length, STEP_OFFSET);
    },
  };
}
