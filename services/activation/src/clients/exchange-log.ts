import { basename, dirname } from "node:path";
import { finished } from "node:stream/promises";
import type { Exchange } from "@leasehold/rpc-client";
import { createStream } from "rotating-file-stream";

/** Where exchanges go. */
export interface ExchangeLogOptions {
  readonly file: string;
  /** Size at which the file is put aside, in MiB. */
  readonly mebibytes: number;
  /** How many files that were put aside are kept. */
  readonly kept: number;
  /** Told of what is wrong with the file; the site goes on without the log. */
  readonly onFailure: (error: Error) => void;
}

/** The log of what goes between site and vendor, a JSON line each; on or off while the site runs. */
export interface ExchangeLog extends AsyncDisposable {
  enabled: boolean;
  write(exchange: Exchange): void;
}

/** How long a site that ends waits for the last lines. */
const CLOSING_MS = 2_000;

/** Opens the log; the file is made with the first line. */
export function exchangeLog(options: ExchangeLogOptions, enabled: boolean): ExchangeLog {
  const { file, mebibytes, kept, onFailure } = options;
  let stream: ReturnType<typeof createStream> | undefined;
  const open = () => {
    const opened = createStream(basename(file), {
      path: dirname(file),
      size: `${mebibytes}M`,
      rotate: kept,
      mode: 0o600,
    });
    opened.on("error", (error) => {
      stream = undefined;
      onFailure(error);
    });
    opened.on("warning", onFailure);
    return opened;
  };
  return {
    enabled,
    write(exchange) {
      if (!this.enabled) return;
      stream ??= open();
      stream.write(line(exchange));
    },
    async [Symbol.asyncDispose]() {
      if (!stream) return;
      const closing = stream;
      closing.end();
      await finished(closing, { signal: AbortSignal.timeout(CLOSING_MS) }).catch(onFailure);
    },
  };
}

/** Names each fact: whatever else an exchange comes to have is not written unasked. */
function line({
  time,
  direction,
  method,
  outcome,
  requestBytes,
  responseBytes,
  durationMs,
}: Exchange): string {
  const facts = {
    time: new Date(time).toISOString(),
    direction: direction === "sent" ? "site to vendor" : "vendor to site",
    method,
    outcome,
    requestBytes,
    responseBytes,
    durationMs,
  };
  return `${JSON.stringify(facts)}\n`;
}
