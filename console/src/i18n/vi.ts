import common from './vi/common.json';
import detection from './vi/detection.json';
import duty from './vi/duty.json';
import evidence from './vi/evidence.json';
import inventory from './vi/inventory.json';
import people from './vi/people.json';

export const vi = { ...common, ...duty, ...detection, ...inventory, ...evidence, ...people };
