import { experimental } from "@grpc/grpc-js";

type Listener = ConstructorParameters<Parameters<typeof experimental.registerResolver>[1]>[1];
const SCHEME = "changing";

/** Addresses by name. */
const names = new Map<string, readonly string[]>();

/** Answers as DNS does whose records change: whoever asks again is told the addresses of now. */
class ChangingResolver {
  readonly #name: string;
  readonly #listener: Listener;

  constructor(target: { readonly path: string }, listener: Listener) {
    this.#name = target.path;
    this.#listener = listener;
  }

  static getDefaultAuthority({ path }: { readonly path: string }): string {
    return path;
  }

  updateResolution(): void {
    const endpoints = (names.get(this.#name) ?? []).map((address) => {
      const [host = "", port] = address.split(":");
      return { addresses: [{ host, port: Number(port) }] };
    });
    // Not at once: who cannot connect asks again and again.
    setImmediate(() => this.#listener({ ok: true, value: endpoints }, {}, null, ""));
  }

  destroy(): void {
    // Nothing is kept.
  }
}
experimental.registerResolver(SCHEME, ChangingResolver);

/** A name for servers that come and go. */
export interface ChangingName {
  /** To connect to. */
  readonly target: string;
  /** What the name means from now on. */
  readonly means: (...addresses: readonly string[]) => void;
}

export function changingName(): ChangingName {
  const name = `servers-${names.size}`;
  const means: ChangingName["means"] = (...addresses) => void names.set(name, addresses);
  means();
  return { target: `${SCHEME}:${name}`, means };
}
