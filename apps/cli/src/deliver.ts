import type { Command, Delivery } from "./command.ts";
import type { Given } from "./build-request.ts";
import { at, type Json, type JsonObject, textOf } from "./json.ts";
import { createProductKeysFile } from "./product-keys-file.ts";
import { EXIT } from "./failure.ts";
import { type Output, show } from "./show.ts";
import type { Terminal } from "./terminal.ts";

/** A stream that was asked for, and how to tell of it. */
export interface Stream {
  readonly command: Command & { readonly delivery: Delivery };
  readonly responses: AsyncIterable<JsonObject>;
  readonly given: Given;
  readonly output: Output;
  readonly terminal: Terminal;
}

/** Tells of a stream while it comes; resolves with the exit code. */
export function deliver(stream: Stream): Promise<number> {
  const { delivery } = stream.command;
  if (delivery.kind === "lines") return deliverLines(stream, delivery.items);
  if (delivery.kind === "text") return deliverText(stream, delivery.bytes);
  return delivery.kind === "keys" ? deliverKeys(stream) : deliverVerdict(stream, delivery);
}

async function deliverLines({ responses, terminal }: Stream, items: string): Promise<number> {
  for await (const response of responses)
    for (const item of several(response[items])) await terminal.out(`${JSON.stringify(item)}\n`);
  return EXIT.ok;
}

/** As it comes: chunks end where characters do. */
async function deliverText({ responses, terminal }: Stream, bytes: string): Promise<number> {
  for await (const response of responses)
    await terminal.out(Buffer.from(textOf(response[bytes]), "base64").toString("utf8"));
  return EXIT.ok;
}

/** To a file as they come, or to standard output when all are there. */
async function deliverKeys({ responses, given, output, terminal }: Stream): Promise<number> {
  const path = given["csv"];
  const total = Number(given["count"]);
  const all: Json[] = [];
  await using file = typeof path === "string" ? await createProductKeysFile(path) : undefined;
  let told = 0;
  try {
    for await (const { keys, made } of responses) {
      const some = several(keys);
      told += some.length;
      if (file) await file.write(some);
      else all.push(...some);
      progress(terminal, `${textOf(made)} of ${total} keys made, ${told} told`);
    }
  } finally {
    // Whatever came is told, also if the rest does not come: it is told this once.
    progress(terminal);
    await file?.finish();
    if (file) terminal.err(`${told} keys are in ${String(path)}\n`);
    else {
      const columns = ["secret", "productKey.name"];
      await terminal.out(await show(all, { output, columns, colour: terminal.colour }));
    }
  }
  return EXIT.ok;
}

async function deliverVerdict(
  { responses, output, terminal }: Stream,
  { progress: counted, fault }: Extract<Delivery, { kind: "verdict" }>,
): Promise<number> {
  let verdict: JsonObject = {};
  for await (verdict of responses) progress(terminal, `${textOf(verdict[counted])} ${counted}`);
  progress(terminal);
  await terminal.out(await show(verdict, { output }));
  const sound = at(verdict, fault) === "";
  if (output === "table")
    terminal.err(
      sound ? "every one is as it was made\n" : "this is not the record that was made\n",
    );
  return sound ? EXIT.ok : EXIT.refused;
}

/** A line that is written over by the next one, where a person looks on; none ends it. */
function progress(terminal: Terminal, text = ""): void {
  if (terminal.interactive) terminal.err(`\r\u001B[K${text}`);
}

function several(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
