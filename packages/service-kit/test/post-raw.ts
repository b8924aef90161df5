import { connect } from "node:http2";
import type { Running } from "./running-server.ts";

const ACQUIRE = "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat";

/** What of a call is not as usual. */
export interface RawPost {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
  /** Whether the body ends; it does if absent. */
  readonly ends?: boolean;
}

/** A call through nothing but HTTP/2, for what a client would not send. Resolves to all headers of the answer. */
export async function postRaw(
  kit: Pick<Running, "server">,
  { path = ACQUIRE, headers = {}, body = Buffer.alloc(5), ends = true }: RawPost = {},
): Promise<Readonly<Record<string, unknown>>> {
  const session = connect(`http://${kit.server.address}`);
  try {
    return await new Promise((resolve, reject) => {
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
        authorization: "installation",
        ...headers,
      });
      let seen: Readonly<Record<string, unknown>> = {};
      const keep = (got: Readonly<Record<string, unknown>>): void =>
        void (seen = { ...seen, ...got });
      stream.on("response", keep);
      stream.on("trailers", keep);
      stream.on("error", reject);
      stream.on("close", () => {
        const told = seen["grpc-message"];
        const text = typeof told === "string" ? decodeURIComponent(told) : "";
        resolve({ ...seen, "grpc-message": text, rstCode: stream.rstCode });
      });
      stream.resume();
      if (ends) stream.end(body);
      else stream.write(body);
    });
  } finally {
    session.destroy();
  }
}
