import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a proxy does to what passes through it. */
export type ProxyMode =
  | { readonly kind: "pass" }
  /** Each way takes so much longer. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Nothing moves; what was sent meanwhile arrives afterwards, late. */
  | { readonly kind: "hold" }
  /** Requests arrive, replies are lost. */
  | { readonly kind: "swallow replies" }
  /** Everything is lost, and nobody is told. */
  | { readonly kind: "blackhole" }
  /** Connections are refused. */
  | { readonly kind: "refuse" };

/** A TCP proxy on loopback that misbehaves on demand. */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  /** Of both sides, each with where its client comes from. */
  readonly #sockets = new Map<Socket, string>();
  #isCutOff: (source: string) => boolean = () => false;
  #mode: ProxyMode = { kind: "pass" };

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Opens a way to a port of this host. */
  static async open(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("the proxy has no port");
    const proxy = new FaultProxy(server, bound.port);
    server.on("connection", (client) => proxy.#accept(client, targetPort));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The same URL, by way of this proxy. */
  through(url: string): string {
    const way = new URL(url);
    way.port = String(this.port);
    return way.href;
  }

  set mode(mode: ProxyMode) {
    const before = this.#mode.kind;
    this.#mode = mode;
    for (const socket of this.#sockets.keys())
      if (mode.kind === "hold") socket.pause();
      else socket.resume();
    // Where bytes were lost or are still on their way, no later ones may follow on the same connection.
    const harmless = before === "pass" || before === "hold";
    if (mode.kind === "refuse" || (mode.kind === "pass" && !harmless)) this.reset();
  }

  /** From now on everything is lost, both ways, of whoever comes from such an address; nobody is told. */
  cutOff(isCutOff: (source: string) => boolean): void {
    this.#isCutOff = isCutOff;
  }

  /** Ends that. */
  letIn(): void {
    for (const [socket, source] of this.#sockets)
      if (this.#isCutOff(source)) socket.resetAndDestroy();
    this.#isCutOff = () => false;
  }

  /** Ends all connections with a reset. */
  reset(): void {
    for (const socket of this.#sockets.keys()) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets.keys()) socket.destroy();
    await closed;
  }

  #accept(client: Socket, targetPort: number): void {
    if (this.#mode.kind === "refuse") return void client.resetAndDestroy();
    const target = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    client.setNoDelay(true);
    const source = client.remoteAddress ?? "";
    this.#pass(client, target, { what: "request", source });
    this.#pass(target, client, { what: "reply", source });
  }

  #pass(
    from: Socket,
    to: Socket,
    { what, source }: { readonly what: "request" | "reply"; readonly source: string },
  ): void {
    this.#sockets.set(from, source);
    from.on("error", () => undefined);
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on("data", (bytes) => {
      const mode = this.#mode;
      const lost =
        this.#isCutOff(source) ||
        mode.kind === "blackhole" ||
        (mode.kind === "swallow replies" && what === "reply");
      if (lost || to.destroyed) return;
      if (mode.kind === "delay") setTimeout(() => void (to.destroyed || to.write(bytes)), mode.ms);
      else to.write(bytes);
    });
    if (this.#mode.kind === "hold") from.pause();
  }
}
