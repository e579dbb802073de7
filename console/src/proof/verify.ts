// What the browser works out for itself about one record, step by step. The hub's own word ("verified") is not used.
import type { LogEvent, Proof } from '~/api/types';
import { type Bytes, equal, fromBase64, fromHex, toHex } from './bytes';
import { climb, expectedSides, type Leaf, leafHash, parseLeaf } from './merkle';
import { type Checkpoint, certifiedDay, parseCheckpoint, parseVerifierKey, verifySignature } from './note';

// 'withheld': the content is not for this person, so it could not be compared.
export type Outcome = 'match' | 'differ' | 'unsupported' | 'withheld';
export type StepName = 'record' | 'leaf' | 'path' | 'checkpoint' | 'signature';

export interface Verification {
  steps: Record<StepName, Outcome>;
  outcome: Outcome;
  leaf: Leaf | null;
  computedLeaf: string;
  levels: string[]; // From the leaf to the root.
  checkpoint: Checkpoint | null;
}

// The shown record against the hashed bytes: number, time, source and content.
function recordMatches(event: LogEvent, leaf: Leaf): boolean {
  // The hub's own records have no agency; their whole source is the stream.
  const [agency, device, ...stream] = event.agency === '' ? ['', '', leaf.source] : leaf.source.split('/');
  const content = event.raw_base64
    ? equal(fromBase64(event.raw_base64), leaf.raw)
    : equal(new TextEncoder().encode(event.raw), leaf.raw);
  // The API may give fewer digits than the stored microseconds: compare in milliseconds.
  const received = BigInt(new Date(event.received_at).getTime());
  return (
    event.seq === leaf.seq &&
    received === leaf.receivedMicroseconds / 1000n &&
    event.agency === agency &&
    (event.device === null || event.device === device) &&
    event.stream === stream.join('/') &&
    content
  );
}

// The day of Vietnam, UTC+7 all year round.
function dayOf(microseconds: bigint): string {
  return new Date(Number(microseconds / 1000n) + 7 * 3_600_000).toISOString().slice(0, 10);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export async function verifyProof(proof: Proof, seq: number): Promise<Verification> {
  const { event, leaf_data } = proof;
  const withheld = event === null || leaf_data === null;
  const data = leaf_data === null ? null : attempt(() => fromBase64(leaf_data));
  const leaf = data && attempt(() => parseLeaf(data));
  const stated = attempt(() => fromHex(proof.leaf_hash));
  const computed: Bytes | null = withheld ? stated : data && (await leafHash(data));
  const levels = computed && (await climb(computed, proof.path).catch(() => null));
  const root = levels?.at(-1) ?? null;
  const sides = attempt(() => expectedSides(withheld ? seq : (leaf?.seq ?? seq), proof.tree_size));
  const sidesMatch = sides?.join() === proof.path.map((step) => step.side).join();
  const checkpoint = attempt(() => parseCheckpoint(proof.checkpoint));
  const statedRoot = attempt(() => fromHex(proof.root));

  const say = (matches: boolean | null | undefined): Outcome => (matches ? 'match' : 'differ');
  const steps: Record<StepName, Outcome> = {
    record: event ? say(leaf && leaf.seq === seq && attempt(() => recordMatches(event, leaf))) : 'withheld',
    leaf: withheld ? 'withheld' : say(computed && stated && equal(computed, stated)),
    path: say(root && statedRoot && equal(root, statedRoot) && sidesMatch),
    checkpoint: say(
      root && checkpoint && equal(checkpoint.root, root) && checkpoint.size === proof.tree_size,
    ),
    signature: 'differ',
  };
  if (checkpoint) {
    const key = await parseVerifierKey(proof.public_key).catch(() => null);
    const root = await parseVerifierKey(proof.root_key).catch(() => null);
    // The name on the key is the log's name: another log's key proves nothing here.
    const signed = key && key.name === checkpoint.origin ? await verifySignature(checkpoint, key) : false;
    const day =
      key && root && signed ? await certifiedDay(root, key, proof.certificates).catch(() => null) : null;
    // A day's key signs trees whose newest record was received that day: nothing in them is later.
    const inTime = day !== null && (day === 'any' || !leaf || dayOf(leaf.receivedMicroseconds) <= day);
    steps.signature = signed === null ? 'unsupported' : say(signed && inTime);
  }
  const all = Object.values(steps);
  return {
    steps,
    outcome: (['differ', 'unsupported', 'withheld'] as const).find((one) => all.includes(one)) ?? 'match',
    leaf,
    computedLeaf: computed ? toHex(computed) : '',
    levels: levels?.map(toHex) ?? [],
    checkpoint,
  };
}
