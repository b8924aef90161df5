import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { buffer } from "node:stream/consumers";

/** One finished span, as it was exported. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** `service.name` of the process that it is from. */
  readonly service: string;
}

interface ExportRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: {
      readonly attributes?: readonly {
        readonly key: string;
        readonly value: { readonly stringValue?: string };
      }[];
    };
    readonly scopeSpans?: readonly {
      readonly spans?: readonly Omit<ReceivedSpan, "service">[];
    }[];
  }[];
}

/** Receives traces and metrics over OTLP/HTTP in JSON, as a collector does. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  /** All that was exported, as it came: attributes, events and resources too. */
  readonly exported: string[] = [];
  readonly #server = createServer((request, response) => {
    void this.#receive(request).then(
      () => response.setHeader("content-type", "application/json").end("{}"),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  /** Base URL to export to. */
  get endpoint(): string {
    const { port } = this.#server.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** The spans of one trace, from its root down: each as its name and the service it is from. */
  lineage(leaf: ReceivedSpan): readonly ReceivedSpan[] {
    const parent = this.spans.find(
      ({ traceId, spanId }) => traceId === leaf.traceId && spanId === leaf.parentSpanId,
    );
    return parent ? [...this.lineage(parent), leaf] : [leaf];
  }

  // oxlint-disable-next-line typescript/require-await -- the interface's
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #receive(request: IncomingMessage): Promise<void> {
    if (request.url !== "/v1/traces" && request.url !== "/v1/metrics")
      throw new Error(`not a place for telemetry: ${request.url}`);
    const body =
      request.headers["content-encoding"] === "gzip"
        ? (JSON.parse(gunzipSync(await buffer(request)).toString("utf8")) as unknown)
        : await json(request);
    this.exported.push(JSON.stringify(body));
    for (const { resource, scopeSpans = [] } of (body as ExportRequest).resourceSpans ?? []) {
      const name = resource?.attributes?.find(({ key }) => key === "service.name");
      const service = name?.value.stringValue ?? "";
      for (const { spans = [] } of scopeSpans)
        this.spans.push(...spans.map((span) => ({ ...span, service })));
    }
  }
}
