import bench from './en/bench.json';
import common from './en/common.json';
import detection from './en/detection.json';
import duty from './en/duty.json';
import evidence from './en/evidence.json';
import incident from './en/incident.json';
import inventory from './en/inventory.json';
import orders from './en/orders.json';
import papers from './en/papers.json';
import people from './en/people.json';
import tracing from './en/tracing.json';
import watch from './en/watch.json';

export const en = {
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
