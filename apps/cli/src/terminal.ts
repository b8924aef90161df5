import { createInterface } from "node:readline/promises";

/** Where a command speaks and listens. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a person is at standard input, and so can be asked. */
  readonly interactive: boolean;
  /** Whether standard output may have colour. */
  readonly colour: boolean;
  /** To standard output; resolves when more may be written. */
  out(text: string): Promise<void>;
  /** To standard error. */
  err(text: string): void;
  /** Asks on standard error, and reads a line. */
  ask(question: string): Promise<string>;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  process.stdout.on("error", () => {}); // whoever reads may go away; the write itself tells
  return {
    // oxlint-disable-next-line node/no-process-env -- the one place where the environment is read
    environment: process.env,
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    // oxlint-disable-next-line node/no-process-env -- as above
    colour: process.stdout.isTTY && process.stdout.hasColors() && !process.env["NO_COLOR"],
    out: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (failure) => (failure ? reject(failure) : resolve()));
      }),
    err: (text) => void process.stderr.write(text),
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}
