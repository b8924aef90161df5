import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";

/** A way to a server that can be cut off and opened again. */
export interface Way extends AsyncDisposable {
  /** The given URL, by this way. */
  readonly url: string;
  cut(): void;
  mend(): void;
  /** Lets only so many bytes a second through to the server; as many as there are if absent. */
  narrow(bytesPerSecond?: number): void;
}

/** @param url of the server; its port stands in it */
export async function wayTo(url: string): Promise<Way> {
  const target = new URL(url);
  const open = new Set<Socket>();
  let isCut = false;
  let rate = Number.POSITIVE_INFINITY;
  const narrows = () =>
    new Transform({
      transform: (bytes: Buffer, _, done) => {
        const ms = (1_000 * bytes.length) / rate;
        if (ms < 1) done(undefined, bytes);
        else setTimeout(() => done(undefined, bytes), ms);
      },
    });
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => open.delete(from));
    }
    near.pipe(narrows()).pipe(far);
    far.pipe(near);
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the way has no port");
  const own = new URL(url);
  own.hostname = "127.0.0.1";
  own.port = String(address.port);
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    url: own.href,
    cut,
    mend: () => {
      isCut = false;
    },
    narrow: (bytesPerSecond = Number.POSITIVE_INFINITY) => {
      rate = bytesPerSecond;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
