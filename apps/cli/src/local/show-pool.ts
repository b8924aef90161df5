import { openServer } from "../call-services.ts";
import type { CarryOut } from "../local-command.ts";

/** Shows the pool of a license, which a seat-broker tells with its seats. */
export const showPool: CarryOut = async ({ argument = "", server }) => {
  await using broker = await openServer(server("seat-broker"));
  const request = { parent: argument, pageSize: 1 };
  return (await broker.call("SeatBrokerService.listSeats", request))["pool"];
};
