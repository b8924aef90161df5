import type { MethodDefinition, ServiceDefinition } from "@leasehold/contracts";
import type {
  Client,
  DuplexCall,
  DuplexStreamCall,
  ServerStreamCall,
  StreamOptions,
  UnaryCall,
} from "@leasehold/rpc-client";

type Arriving<Call> = () => Promise<Call>;

/** The functions of a service whose client arrives later: what is called before waits for it. */
export function laterClient<Definition extends ServiceDefinition>(
  definition: Definition,
  arriving: () => Promise<Client<Definition>>,
): Client<Definition> {
  const calls: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(definition.methods))
    calls[key] = laterCall(method, async () => (await arriving())[key]);
  return calls as Client<Definition>;
}

function laterCall(method: MethodDefinition, arriving: Arriving<unknown>): unknown {
  if (method.requestStream)
    return laterDuplex(arriving as Arriving<DuplexStreamCall<unknown, unknown>>);
  if (method.responseStream)
    return laterStream(arriving as Arriving<ServerStreamCall<unknown, unknown>>);
  return laterUnary(arriving as Arriving<UnaryCall<unknown, unknown>>);
}

function laterUnary(arriving: Arriving<UnaryCall<unknown, unknown>>): UnaryCall<unknown, unknown> {
  return async (request, options) => {
    const call = await arriving();
    return call(request, options);
  };
}

function laterStream(
  arriving: Arriving<ServerStreamCall<unknown, unknown>>,
): ServerStreamCall<unknown, unknown> {
  return (request, options) => ({
    async *[Symbol.asyncIterator]() {
      const call = await arriving();
      yield* call(request, options);
    },
  });
}

function laterDuplex(
  arriving: Arriving<DuplexStreamCall<unknown, unknown>>,
): DuplexStreamCall<unknown, unknown> {
  return (options) => new LaterDuplex(arriving, options);
}

/** A stream that is opened as soon as its client is there; what is sent meanwhile waits. */
class LaterDuplex implements DuplexCall<unknown, unknown> {
  readonly #opened: Promise<DuplexCall<unknown, unknown>>;
  #stream: DuplexCall<unknown, unknown> | undefined;
  #waiting: unknown[] = [];
  #ended = false;

  constructor(arriving: Arriving<DuplexStreamCall<unknown, unknown>>, options?: StreamOptions) {
    this.#opened = this.#open(arriving, options);
    this.#opened.catch(() => undefined); // told to whoever reads
  }

  send(message: unknown): void {
    if (this.#stream) this.#stream.send(message);
    else if (!this.#ended) this.#waiting.push(message);
  }

  end(): void {
    this.#ended = true;
    this.#stream?.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    yield* await this.#opened;
  }

  async #open(
    arriving: Arriving<DuplexStreamCall<unknown, unknown>>,
    options?: StreamOptions,
  ): Promise<DuplexCall<unknown, unknown>> {
    const call = await arriving();
    const stream = call(options);
    for (const message of this.#waiting) stream.send(message);
    this.#waiting = [];
    if (this.#ended) stream.end();
    this.#stream = stream;
    return stream;
  }
}
