import common from './vi/common.json';
import duty from './vi/duty.json';
import evidence from './vi/evidence.json';
import inventory from './vi/inventory.json';
import people from './vi/people.json';

export const vi = { ...common, ...duty, ...inventory, ...evidence, ...people };
