import { type ClientHttp2Session, constants, type IncomingHttpHeaders } from "node:http2";
import { ErrorInfo, RpcStatus } from "@leasehold/contracts";

/** What a call came to, as it stood on the wire. */
export interface Answer {
  /** The gRPC status; `NO_ANSWER` if none came. */
  readonly code: number;
  readonly message: string;
  /** Of the ErrorInfo; empty if there is none. */
  readonly reason: string;
  /** Everything else that is told of the status, decoded. */
  readonly details: RpcStatus | undefined;
  /** The first message of the response. */
  readonly body: Buffer | undefined;
}

/** One call, made by hand. */
export interface WireCall {
  readonly path: string;
  /** The request message, encoded. */
  readonly message: Uint8Array;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Ends the call, unanswered, after so long. */
  readonly limitMs?: number;
  /** The first message is answer enough; the stream is then left. */
  readonly first?: boolean;
}

/** Instead of a status: the server did not answer within the limit, or closed the connection. */
export const NO_ANSWER = -1;
/** Of an answer that did not come within its limit. */
export const NOT_IN_TIME = "no answer in time";
const LIMIT_MS = 20_000;
const OK = 0;
const ERROR_INFO = "google.rpc.ErrorInfo";

/** A message with the five bytes in front that gRPC wants. */
function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Makes a call on a connection. Never rejects. */
export function call(session: ClientHttp2Session, asked: WireCall): Promise<Answer> {
  return new Promise((resolve) => {
    if (session.closed || session.destroyed) return resolve(unanswered("the connection is closed"));
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: asked.path,
      "content-type": "application/grpc",
      te: "trailers",
      ...asked.headers,
    });
    let status: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    const body = () => bodyOf(Buffer.concat(chunks));
    const over = (answer: Answer) => {
      clearTimeout(timer);
      resolve(answer);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const timer = setTimeout(() => over(unanswered(NOT_IN_TIME)), asked.limitMs ?? LIMIT_MS);
    const take = (headers: IncomingHttpHeaders) => {
      if (headers["grpc-status"] !== undefined) status = headers;
    };
    stream.on("response", take);
    stream.on("trailers", take);
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (asked.first === true && body() !== undefined)
        over({ code: OK, message: "", reason: "", details: undefined, body: body() });
    });
    stream.on("error", () => {});
    stream.on("close", () => over(answerOf(status, body())));
    stream.end(framed(asked.message));
  });
}

function unanswered(message: string): Answer {
  return { code: NO_ANSWER, message, reason: "", details: undefined, body: undefined };
}

function bodyOf(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 5) return undefined;
  const end = 5 + bytes.readUInt32BE(1);
  return bytes.length < end ? undefined : bytes.subarray(5, end);
}

function answerOf(headers: IncomingHttpHeaders, body: Buffer | undefined): Answer {
  const code = headers["grpc-status"];
  if (typeof code !== "string") return unanswered("the stream ended without a status");
  const told = headers["grpc-status-details-bin"];
  const details =
    typeof told === "string" ? RpcStatus.decode(Buffer.from(told, "base64")) : undefined;
  const info = details?.details.find(({ typeUrl }) => typeUrl.endsWith(ERROR_INFO));
  return {
    code: Number(code),
    message: decodeURIComponent(String(headers["grpc-message"] ?? "")),
    reason: info === undefined ? "" : ErrorInfo.decode(info.value).reason,
    details,
    body,
  };
}
