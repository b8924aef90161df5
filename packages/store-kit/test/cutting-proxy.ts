import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be told to swallow the next reply and cut the connection. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  cutAtNextReply(): void;
}

/** Stands in front of a server on loopback. */
export async function cuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let cutting = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (reply) => {
      if (cutting) upstream.destroy();
      else client.write(reply);
      cutting = false;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cutAtNextReply: () => {
      cutting = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
