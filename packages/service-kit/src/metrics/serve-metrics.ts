import { createServer, type Server, type ServerResponse } from "node:http";
import { hostOf } from "@leasehold/rpc-client";

/** What Prometheus reads metrics from; nothing else is there. */
export interface MetricsListener extends AsyncDisposable {
  /** Host and port, as it listens. */
  readonly address: string;
}

/** Some scrapers, each with a connection or two. */
const MOST_CONNECTIONS = 32;
const REQUEST_MS = 5_000;
const IDLE_MS = 60_000;
const HEAD_BYTES = 8_192;

/**
 * Answers `GET /metrics` in plaintext. Nothing of a request is read but its first line.
 * @param read the metrics as text; those who ask while it is at work share what it finds
 * @throws Error if the address cannot be had
 */
export async function serveMetrics(
  address: string,
  read: () => Promise<string>,
): Promise<MetricsListener> {
  let reading: Promise<string> | undefined;
  const shared = (): Promise<string> =>
    (reading ??= read().finally(() => {
      reading = undefined;
    }));
  const server = createServer(
    { maxHeaderSize: HEAD_BYTES, requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
    ({ method = "", url = "" }, response) => {
      response.setHeader("x-content-type-options", "nosniff");
      if (url.split("?")[0] !== "/metrics") return end(response, 404);
      if (method !== "GET") return end(response.setHeader("allow", "GET"), 405);
      shared().then(
        (text) => response.setHeader("content-type", "text/plain; version=0.0.4").end(text),
        () => end(response, 500),
      );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.keepAliveTimeout = IDLE_MS;
  const port = await listening(server, address);
  return {
    address: `${address.slice(0, address.lastIndexOf(":"))}:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function end(response: ServerResponse, code: number): void {
  response.writeHead(code).end();
}

function listening(server: Server, address: string): Promise<number> {
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: hostOf(address), port }, () => {
      server.off("error", reject);
      const bound = server.address();
      resolve(typeof bound === "object" && bound ? bound.port : port);
    });
  });
}
