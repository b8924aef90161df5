import { expect, test } from "vitest";
import {
  activation,
  DEADLINE_MS,
  DeadlineClass,
  issuer,
  methodRule,
  PrincipalKind,
  RateClass,
  RequestSize,
  RequiredRole,
  seatBroker,
  type ServiceDefinition,
} from "./index.ts";

const services: readonly ServiceDefinition[] = [
  issuer.IssuerServiceDefinition,
  activation.ActivationServiceDefinition,
  activation.OfflineServiceDefinition,
  seatBroker.SeatBrokerServiceDefinition,
  seatBroker.UsageServiceDefinition,
];

test("every method of every service carries a rule that names its principals and deadline", () => {
  for (const service of services)
    for (const method of Object.values(service.methods)) {
      const rule = methodRule(method);
      expect(rule?.principals.length, `${service.fullName}.${method.name}`).toBeGreaterThan(0);
      expect(rule?.deadline, method.name).not.toBe(DeadlineClass.UNSPECIFIED);
      const streams = method.requestStream || method.responseStream;
      expect(DEADLINE_MS[rule!.deadline] === undefined, method.name).toBe(streams);
    }
});

test("a rule reads as the contract states it", () => {
  expect(methodRule(seatBroker.SeatBrokerServiceDefinition.methods.acquireSeat)).toMatchObject({
    principals: [PrincipalKind.INSTALLATION],
    permission: "seats.lease",
    deadline: DeadlineClass.FAST,
    rate: RateClass.LEASE,
    size: RequestSize.STANDARD,
    customerRole: RequiredRole.UNSPECIFIED,
    services: [],
  });
});

test("a method without the option has no rule", () => {
  expect(methodRule({ options: {} })).toBeUndefined();
});
