import bench from './vi/bench.json';
import casework from './vi/casework.json';
import common from './vi/common.json';
import detection from './vi/detection.json';
import duty from './vi/duty.json';
import evidence from './vi/evidence.json';
import forms from './vi/forms.json';
import incident from './vi/incident.json';
import inventory from './vi/inventory.json';
import office from './vi/office.json';
import orders from './vi/orders.json';
import papers from './vi/papers.json';
import people from './vi/people.json';
import systems from './vi/systems.json';
import town from './vi/town.json';
import tracing from './vi/tracing.json';
import trust from './vi/trust.json';
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
  ...trust,
  ...office,
  ...forms,
  ...systems,
  ...casework,
  ...town,
  ...orders,
  ...inventory,
  ...evidence,
  ...people,
};
