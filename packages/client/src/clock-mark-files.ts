import { timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import type { ClockMark } from "./clock-mark.ts";
import { readIfThere, replaceFile } from "./durable-file.ts";
import type { Installation } from "./installation.ts";

/** Where an installation keeps its mark: twice, so that one that is spoilt does not matter. */
export interface ClockMarkFiles {
  /**
   * The mark that was kept last; `undefined` if there is none, or none that this installation
   * wrote. A copy that is missing or spoilt is healed from the other one.
   */
  read(): Promise<ClockMark | undefined>;
  write(mark: ClockMark): Promise<void>;
}

const COPIES = ["clock-mark", "clock-mark.copy"] as const;

/** The mark in an installation's directory. Neither copy counts without the installation's own MAC. */
export function clockMarkFiles({
  directory,
  mac,
}: Pick<Installation, "directory" | "mac">): ClockMarkFiles {
  const paths = COPIES.map((name) => join(directory, name));
  const format = (mark: ClockMark): string => {
    const facts = factsOf(mark);
    return `${facts} ${mac(facts)}\n`;
  };

  async function write(mark: ClockMark): Promise<void> {
    // One after the other: a loss of power spoils one at most.
    for (const path of paths) await replaceFile(path, format(mark), 0o600);
  }

  return {
    write,
    async read() {
      const texts = await Promise.all(paths.map(readIfThere));
      const marks = texts.map((text) => parse(text, mac));
      const newest = marks.reduce(newer, undefined);
      const whole = newest && marks.every((mark) => mark && factsOf(mark) === factsOf(newest));
      if (newest && whole === false) await write(newest).catch(() => undefined); // or the next time
      return newest;
    },
  };
}

function factsOf({ seen, behindSince }: ClockMark): string {
  const behind = behindSince === undefined ? "-" : String(Math.floor(behindSince));
  return `leasehold-clock-1 ${Math.ceil(seen)} ${behind}`;
}

function parse(text: string | undefined, mac: Installation["mac"]): ClockMark | undefined {
  const [, facts = "", seen = "", behind = "", told = ""] =
    /^(leasehold-clock-1 (\d{1,15}) (-|\d{1,15})) ([0-9a-f]{64})\n$/.exec(text ?? "") ?? [];
  if (facts === "") return undefined;
  if (!timingSafeEqual(Buffer.from(told, "hex"), Buffer.from(mac(facts), "hex"))) return undefined;
  return { seen: Number(seen), ...(behind !== "-" && { behindSince: Number(behind) }) };
}

function newer(one: ClockMark | undefined, other: ClockMark | undefined): ClockMark | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.seen > one.seen ? other : one;
}
