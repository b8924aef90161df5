export { type Channel, type ChannelOptions, openChannel } from "./channel.ts";
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
export { connect, type ConnectOptions } from "./connect.ts";
export type { Exchange } from "./exchange.ts";
export { type CallStatus, problemFromStatus } from "./status-problems.ts";
export { securityFromEnvironment } from "./security-from-environment.ts";
export { hostOf, isLoopback } from "./target-host.ts";
export { secured, type TlsOptions, type TransportSecurity } from "./transport-security.ts";
