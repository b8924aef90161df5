import {
  DEADLINE_MS,
  type MessageCodec,
  type MethodDefinition,
  methodRule,
  type PartialMessage,
  seatBroker,
} from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import type { Client, UnaryCall } from "@leasehold/rpc-client";
import type { CallContext, Principal, ServerDuplex, UnaryHandler } from "@leasehold/service-kit";
import type { BrokerProcess } from "./broker-process.ts";
import { MessageQueue } from "./message-queue.ts";
import type { Network } from "./network.ts";
import type { VirtualProcess } from "./virtual-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

const { SeatBrokerServiceDefinition: DEFINITION } = seatBroker;
const { methods: METHODS } = DEFINITION;
type BrokerClient = Client<typeof DEFINITION>;

/** The way from one client to one seat-broker, whichever process that is at the time. */
export interface TransportPorts {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly client: VirtualProcess;
  readonly principal: Principal;
  readonly broker: () => BrokerProcess;
  /** Reads what was answered before the client does; a mutant of the client may change it. */
  readonly received: (answer: unknown, ageMs: number) => void;
}

/** After this a server finds out by itself that a peer is gone. */
const KEEP_ALIVE_MS = 20_000;

/**
 * A client of the seat-broker that calls its handlers over the simulated network. Messages are
 * encoded and decoded; deadlines, cancellation and broken connections are as gRPC has them.
 */
export function brokerTransport(ports: TransportPorts): BrokerClient {
  return {
    acquireSeat: unary(ports, "acquireSeat", METHODS.acquireSeat),
    renewSeats: unary(ports, "renewSeats", METHODS.renewSeats),
    releaseSeat: unary(ports, "releaseSeat", METHODS.releaseSeat),
    listSeats: unary(ports, "listSeats", METHODS.listSeats),
    borrowSeat: unary(ports, "borrowSeat", METHODS.borrowSeat),
    revokeSeat: unary(ports, "revokeSeat", METHODS.revokeSeat),
    drainPool: unary(ports, "drainPool", METHODS.drainPool),
    resumePool: unary(ports, "resumePool", METHODS.resumePool),
    waitForSeat: (partial, { signal } = {}) => {
      const request = METHODS.waitForSeat.requestType.fromPartial(partial);
      return { [Symbol.asyncIterator]: () => waitForSeat(ports, request, signal) };
    },
    keepAlive: ({ signal } = {}) => keepAlive(ports, signal),
  };
}

type UnaryName = Exclude<keyof BrokerClient, "waitForSeat" | "keepAlive">;

function unary<Request, Response>(
  ports: TransportPorts,
  name: UnaryName,
  method: MethodDefinition<Request, Response>,
): UnaryCall<PartialMessage<Request>, Response> {
  const rule = methodRule(method);
  const deadlineMs = (rule && DEADLINE_MS[rule.deadline]) ?? 2_000;
  return (partial, { signal } = {}) =>
    new Promise((resolve, reject) => {
      const { time, network, client } = ports;
      const broker = ports.broker();
      if (signal?.aborted) return reject(abandoned());
      const startedAt = time.now;
      const timer = client.setTimer(deadlineMs, () => reject(new Problem("DEADLINE_EXCEEDED")));
      const settle = (how: () => void): void =>
        client.deliver(() => {
          timer.over = true;
          how();
        });
      signal?.addEventListener("abort", () => reject(abandoned()), { once: true });
      const back = (how: () => void): void =>
        network.send(broker.machine, client.name, () => settle(how));
      const lost = (): void => back(() => reject(unreachable()));
      network.send(client.name, broker.machine, () => {
        if (!broker.process.isUp) return lost();
        broker.process.ended.addEventListener("abort", lost, { once: true });
        broker.process.deliver(() => {
          const handle = broker.handlers[name] as unknown as UnaryHandler<Request, Response>;
          const call = callFrom(ports, new AbortController().signal);
          const answer = async (): Promise<void> => {
            try {
              const request = method.requestType.fromPartial(partial);
              const wanted = copied(method.requestType, request);
              const told = copied(method.responseType, await handle(wanted, call));
              back(() => {
                ports.received(told, time.now - startedAt);
                resolve(told);
              });
            } catch (failure) {
              back(() => reject(broker.problemOf(failure)));
            }
          };
          void answer();
        });
      });
    });
}

async function* waitForSeat(
  ports: TransportPorts,
  request: seatBroker.WaitForSeatRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<seatBroker.WaitForSeatResponse> {
  const stream = openStream(ports, METHODS.waitForSeat.responseType, signal);
  const { broker } = stream;
  stream.up.send(() => {
    broker.process.deliver(() => {
      const wanted = copied(METHODS.waitForSeat.requestType, request);
      const call = callFrom(ports, stream.over.signal);
      void (async () => {
        try {
          for await (const answer of broker.handlers.waitForSeat(wanted, call))
            stream.answer(answer);
          stream.close();
        } catch (failure) {
          stream.close(broker.problemOf(failure));
        }
      })();
    });
  });
  try {
    yield* stream.inbox.read();
  } finally {
    stream.cancel();
  }
}

function keepAlive(
  ports: TransportPorts,
  signal: AbortSignal | undefined,
): ReturnType<BrokerClient["keepAlive"]> {
  const stream = openStream(ports, METHODS.keepAlive.responseType, signal);
  const { broker } = stream;
  const sentAt = new Map<bigint, number>();
  const early: seatBroker.KeepAliveRequest[] = [];
  let receive = (message: seatBroker.KeepAliveRequest): void => void early.push(message);
  const answer = (message: seatBroker.KeepAliveResponse): void =>
    stream.answer(message, (told) => {
      const age = ports.time.now - (sentAt.get(told.seq) ?? ports.time.now);
      ports.received(told, age);
    });
  const server: ServerDuplex<seatBroker.KeepAliveRequest, seatBroker.KeepAliveResponse> = {
    onMessage: (receiver) => {
      receive = receiver;
      for (const message of early.splice(0)) receiver(message);
    },
    onEnd: () => undefined,
    send: answer,
    sendEncoded: (message) => answer(METHODS.keepAlive.responseType.decode(message)),
    end: () => stream.close(),
    fail: (problem) => stream.close(problem),
  };
  const call = callFrom(ports, stream.over.signal);
  stream.up.send(() => broker.process.deliver(() => broker.handlers.keepAlive(server, call)));
  return {
    send: (message) => {
      sentAt.set(message.seq, ports.time.now);
      const copy = copied(METHODS.keepAlive.requestType, message);
      stream.up.send(() =>
        broker.process.deliver(() => {
          if (!stream.over.signal.aborted) receive(copy);
        }),
      );
    },
    end: () => undefined,
    [Symbol.asyncIterator]: async function* () {
      try {
        yield* stream.inbox.read();
      } finally {
        stream.cancel();
      }
    },
  };
}

/** A stream from a client to a seat-broker: what both ends see of it. */
function openStream<Answer>(
  ports: TransportPorts,
  codec: MessageCodec<Answer>,
  signal: AbortSignal | undefined,
) {
  const { time, network, client } = ports;
  const broker = ports.broker();
  const inbox = new MessageQueue<Answer>();
  /** Fires when it is over on the seat-broker's side. */
  const over = new AbortController();
  let isOpen = true; // on the client's side
  const up = network.lane(client.name, broker.machine, () => isOpen);
  const down = network.lane(broker.machine, client.name, () => isOpen);
  const endServer = (): void => broker.process.deliver(() => over.abort());
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    if (broker.process.isUp) network.send(client.name, broker.machine, endServer);
    time.in(KEEP_ALIVE_MS, endServer);
  };
  const toClient = (what: () => void): void => down.send(() => client.deliver(what));
  signal?.addEventListener(
    "abort",
    () => {
      inbox.abort(abandoned());
      leave();
    },
    { once: true },
  );
  client.ended.addEventListener("abort", leave, { once: true });
  const broken = (): void => toClient(() => inbox.abort(unreachable()));
  if (broker.process.isUp) broker.process.ended.addEventListener("abort", broken, { once: true });
  else broken();
  return {
    broker,
    inbox,
    over,
    up,
    cancel: leave,
    answer: (answer: Answer, first: (told: Answer) => void = () => undefined) => {
      if (over.signal.aborted || !broker.process.isUp) return;
      const told = copied(codec, answer);
      toClient(() => {
        first(told);
        inbox.push(told);
      });
    },
    close: (problem?: Problem) => {
      if (over.signal.aborted) return;
      over.abort();
      toClient(() => inbox.end(problem));
    },
  };
}

function copied<Message>(codec: MessageCodec<Message>, message: Message): Message {
  return codec.decode(codec.encode(message).finish());
}

function callFrom({ principal, client }: TransportPorts, signal: AbortSignal): CallContext {
  return { principal, signal, peer: client.name, deadline: undefined };
}

function abandoned(): Problem {
  return new Problem("CANCELLED", { message: "the caller gave up" });
}

function unreachable(): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", { message: "the connection was lost" });
}
