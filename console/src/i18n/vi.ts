import common from './vi/common.json';
import duty from './vi/duty.json';
import evidence from './vi/evidence.json';
import inventory from './vi/inventory.json';

export const vi = { ...common, ...duty, ...inventory, ...evidence };
