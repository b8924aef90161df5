import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { SrvRecord } from "node:dns";

const HEADER_BYTES = 12;
const SRV = 33;
const CODES = { answers: 0, nameError: 3, refused: 5 } as const;

/** A DNS server on this machine that knows SRV records, and answers as RFC 1035 and 2782 have it. */
export class TinyDns implements AsyncDisposable {
  /** By the names that they are published under. */
  readonly records = new Map<string, readonly SrvRecord[]>();
  /** The names that were asked for. */
  readonly asked: string[] = [];
  /** Whether it answers nobody's questions. */
  refuses = false;
  readonly address: string;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.address = `${address}:${port}`;
    socket.on("message", (question, { port: to, address: at }) =>
      socket.send(this.#answer(question), to, at),
    );
  }

  static async start(): Promise<TinyDns> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new TinyDns(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, "close");
  }

  #answer(message: Buffer): Buffer {
    const { name, type, end } = questionOf(message);
    this.asked.push(name);
    const found = type === SRV ? this.records.get(name) : undefined;
    const code = this.refuses ? CODES.refused : found ? CODES.answers : CODES.nameError;
    const answers = this.refuses ? [] : (found ?? []);
    const header = Buffer.from(message.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(0x8180 | code, 2); // a response, recursion desired and available
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    header.writeUInt32BE(0, 8);
    const question = message.subarray(HEADER_BYTES, end);
    return Buffer.concat([header, question, ...answers.map(recordOf)]);
  }
}

function questionOf(message: Buffer) {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString("ascii", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** Its name is the question's, by a pointer to it. */
function recordOf({ priority, weight, port, name }: SrvRecord): Buffer {
  const target = nameOf(name);
  const fixed = Buffer.alloc(18);
  fixed.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  fixed.writeUInt16BE(SRV, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(300, 6);
  fixed.writeUInt16BE(6 + target.length, 10);
  fixed.writeUInt16BE(priority, 12);
  fixed.writeUInt16BE(weight, 14);
  fixed.writeUInt16BE(port, 16);
  return Buffer.concat([fixed, target]);
}

function nameOf(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  const parts = labels.map((label) =>
    Buffer.concat([Buffer.of(label.length), Buffer.from(label, "ascii")]),
  );
  return Buffer.concat([...parts, Buffer.of(0)]);
}
