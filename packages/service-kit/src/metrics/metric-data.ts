import { type HrTime, ValueType } from "@opentelemetry/api";
import { hrTime } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import type { Family } from "./family.ts";
import type { Histogram } from "./histogram.ts";
import type { AnyFamily, Metrics } from "./metrics.ts";

/** The metrics as OpenTelemetry's readers take them, from whatever is exported. */
export function metricProducer(metrics: Metrics): MetricProducer {
  const startTime = hrTime();
  return {
    collect: async (): Promise<CollectionResult> => {
      const errors = [...(await metrics.refresh())];
      const times = { startTime, endTime: hrTime() };
      const data = Array.from(metrics.families, (family) => dataOf(family, times));
      const scopeMetrics = [{ scope: { name: "leasehold" }, metrics: data }];
      return {
        resourceMetrics: { resource: resourceFromAttributes({}), scopeMetrics },
        errors,
      };
    },
  };
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function dataOf(any: AnyFamily, times: Times): MetricData {
  const { name, help: description } = any.family.facts;
  const common = {
    descriptor: { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (any.kind === "histogram")
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: spread(any, times) };
  const dataPoints = Array.from(any.family.cells as Iterable<readonly [object, Valued]>).flatMap(
    ([attributes, { value }]) =>
      value === undefined ? [] : [{ ...times, attributes: { ...attributes }, value }],
  );
  return any.kind === "counter"
    ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
}

interface Valued {
  readonly value: number | undefined;
}

function spread({ family }: { readonly family: Family<Histogram> }, times: Times) {
  return Array.from(family.cells, ([attributes, { bounds, counts, sum, count }]) => ({
    ...times,
    attributes: { ...attributes },
    value: { buckets: { boundaries: [...bounds], counts: [...counts] }, sum, count },
  }));
}

/** As OpenTelemetry abbreviates it; a count has none. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return "s";
  return /_bytes(_total)?$/.test(name) ? "By" : "";
}
