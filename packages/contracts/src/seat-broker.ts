export {
  Draining,
  Heartbeat,
  KeepAliveEvent,
  KeepAliveRequest,
  KeepAliveResponse,
  LicenseChanged,
  Renewal,
  RenewalOutcome,
} from "./gen/leasehold/seatbroker/v1/keep_alive.ts";
export { Holder, Lease, Pool, Seat } from "./gen/leasehold/seatbroker/v1/lease.ts";
export {
  QueuePosition,
  SeatOffer,
  WaitForSeatRequest,
  WaitForSeatResponse,
} from "./gen/leasehold/seatbroker/v1/queue.ts";
export {
  AcquireSeatRequest,
  AcquireSeatResponse,
  ListSeatsRequest,
  ListSeatsResponse,
  ReleaseSeatRequest,
  ReleaseSeatResponse,
  RenewSeatsRequest,
  RenewSeatsResponse,
  SeatBrokerServiceDefinition,
} from "./gen/leasehold/seatbroker/v1/seat_broker_service.ts";
