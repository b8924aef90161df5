/*
 * Stands in for a service: it serves health under the name STAND_IN_FULL_NAME, and
 * STAND_IN_FAULT makes it fail in one way or another.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";

const environment = process.env;
const fault = environment["STAND_IN_FAULT"];
if (fault === "config") {
  console.error("STAND_IN_POOL must be a number");
  process.exit(78);
}

const server = new Server();
const status = fault === "store" ? "NOT_SERVING" : "SERVING";
new HealthImplementation({ [environment["STAND_IN_FULL_NAME"] ?? ""]: status }).addToServer(server);
server.bindAsync(
  environment["STAND_IN_LISTEN"] ?? "",
  ServerCredentials.createInsecure(),
  (error) => {
    if (error !== null) throw error;
    console.log(JSON.stringify({ msg: "serving", pid: process.pid }));
    if (fault === "crash") setTimeout(() => process.exit(70), 1_000);
  },
);
process.on("SIGTERM", () => {
  console.log(JSON.stringify({ msg: "drained" }));
  process.exit(0);
});
