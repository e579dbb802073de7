// Files that may be put on file as a network plan; the hub looks at the bytes itself. Pure.
// As the contract has it: api/openapi.yaml, NewNetworkPlan.
export const planBytesMax = 8 * 1024 * 1024;

export function planRefusal(file: { name: string; size: number }): 'type' | 'large' | null {
  if (!/\.(pdf|png)$/i.test(file.name)) return 'type';
  return file.size > planBytesMax ? 'large' : null;
}
