import common from './en/common.json';
import duty from './en/duty.json';
import evidence from './en/evidence.json';
import inventory from './en/inventory.json';

export const en = { ...common, ...duty, ...inventory, ...evidence };
