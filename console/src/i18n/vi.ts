import bench from './vi/bench.json';
import common from './vi/common.json';
import detection from './vi/detection.json';
import duty from './vi/duty.json';
import evidence from './vi/evidence.json';
import incident from './vi/incident.json';
import inventory from './vi/inventory.json';
import orders from './vi/orders.json';
import papers from './vi/papers.json';
import people from './vi/people.json';
import tracing from './vi/tracing.json';
import watch from './vi/watch.json';

export const vi = {
  ...common,
  ...duty,
  ...detection,
  ...bench,
  ...tracing,
  ...watch,
  ...incident,
  ...papers,
  ...orders,
  ...inventory,
  ...evidence,
  ...people,
};
