import bench from './en/bench.json';
import casework from './en/casework.json';
import common from './en/common.json';
import detection from './en/detection.json';
import duty from './en/duty.json';
import evidence from './en/evidence.json';
import forms from './en/forms.json';
import incident from './en/incident.json';
import inventory from './en/inventory.json';
import office from './en/office.json';
import orders from './en/orders.json';
import papers from './en/papers.json';
import people from './en/people.json';
import systems from './en/systems.json';
import town from './en/town.json';
import tracing from './en/tracing.json';
import trust from './en/trust.json';
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
