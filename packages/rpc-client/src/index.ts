export { type Channel, connect, type ConnectOptions } from "./channel.ts";
export { client, type ClientOptions } from "./client.ts";
export type {
  CalledMethod,
  CallMetadata,
  Client,
  DuplexCall,
  DuplexStreamCall,
  ServerStreamCall,
  StreamOptions,
  UnaryCall,
  UnaryOptions,
} from "./call.ts";
export type { Exchange } from "./exchange.ts";
export { type CallStatus, problemFromStatus } from "./status-problems.ts";
