/*
 * The least that grpc-js and ts-proto can do: the seat-broker's methods and messages, answered with messages
 * of the same size, and nothing in between: no guard, no store. A process of its own, told by its environment:
 * ECHO_LISTEN, and for TLS ECHO_CERTIFICATE_FILE and ECHO_KEY_FILE.
 */
import { readFileSync } from "node:fs";
import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
} from "@grpc/grpc-js";
import { durationFromMs, seatBroker } from "@leasehold/contracts";

const { methods, fullName } = seatBroker.SeatBrokerServiceDefinition;
/** As long as the tokens of leases of one seat are. */
const TOKEN = Buffer.alloc(51, 7);
const VALIDITY = durationFromMs(45_000);
const HEARTBEAT = durationFromMs(11_250);

interface Codec<Message> {
  encode(message: Message): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

function definition<Request, Response>(method: {
  readonly name: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestType: Codec<Request>;
  readonly responseType: Codec<Response>;
}): MethodDefinition<Request, Response> {
  const bytesOf = <Message>(codec: Codec<Message>, message: Message) => {
    const bytes = codec.encode(message).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return {
    path: `/${fullName}/${method.name}`,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: (message) => bytesOf(method.requestType, message),
    requestDeserialize: (bytes) => method.requestType.decode(bytes),
    responseSerialize: (message) => bytesOf(method.responseType, message),
    responseDeserialize: (bytes) => method.responseType.decode(bytes),
  };
}

function renewed({ leaseId }: seatBroker.Heartbeat): seatBroker.Renewal {
  const outcome = seatBroker.RenewalOutcome.RENEWED;
  return { leaseId, outcome, validity: VALIDITY, token: TOKEN };
}

const acquireSeat: handleUnaryCall<
  seatBroker.AcquireSeatRequest,
  seatBroker.AcquireSeatResponse
> = ({ request: { leaseId } }, answer) => {
  const facts = { fencingToken: 4_294_967_297n, token: TOKEN, overdraft: false };
  answer(null, {
    lease: { leaseId, validity: VALIDITY, heartbeat: HEARTBEAT, ...facts },
    warnings: [],
  });
};

const renewSeats: handleUnaryCall<seatBroker.RenewSeatsRequest, seatBroker.RenewSeatsResponse> = (
  { request },
  answer,
) => answer(null, { renewals: request.heartbeats.map(renewed) });

const releaseSeat: handleUnaryCall<
  seatBroker.ReleaseSeatRequest,
  seatBroker.ReleaseSeatResponse
> = (_call, answer) => answer(null, {});

const keepAlive: handleBidiStreamingCall<
  seatBroker.KeepAliveRequest,
  seatBroker.KeepAliveResponse
> = (stream) => {
  stream.on("data", ({ seq, heartbeats }: seatBroker.KeepAliveRequest) =>
    stream.write({ seq, renewals: heartbeats.map(renewed), event: undefined }),
  );
  stream.on("end", () => stream.end());
  stream.on("error", () => {}); // the client has gone
};

const server = new Server({ "grpc.enable_channelz": 0, "grpc.max_concurrent_streams": 256 });
server.addService(
  {
    acquireSeat: definition(methods.acquireSeat),
    renewSeats: definition(methods.renewSeats),
    releaseSeat: definition(methods.releaseSeat),
    keepAlive: definition(methods.keepAlive),
  },
  { acquireSeat, renewSeats, releaseSeat, keepAlive },
);

const { ECHO_LISTEN = "", ECHO_CERTIFICATE_FILE, ECHO_KEY_FILE = "" } = process.env;
const credentials =
  ECHO_CERTIFICATE_FILE === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [
        {
          cert_chain: readFileSync(ECHO_CERTIFICATE_FILE),
          private_key: readFileSync(ECHO_KEY_FILE),
        },
      ]);
server.bindAsync(ECHO_LISTEN, credentials, (error) => {
  if (error) throw error;
  console.log("serving");
});
process.on("SIGTERM", () => process.exit());
