import { describe, expect, it } from 'vitest';
import { Log, WitnessKey } from '../../mock/tree';
import { cosignedAt, parseWitnessKey } from './cosignature';
import { parseCheckpoint, parseVerifierKey, verifySignature } from './note';

const log = new Log('luy/bimson');
const witness = new WitnessKey('luy/tinh');
const note = log.checkpoint([new Uint8Array(32)]);
const seconds = 1_795_400_000;
const signed = note + witness.line(note, seconds);

describe('A witness’s line under a checkpoint', () => {
  it('says when the witness saw it, and leaves the log’s own signature as it was', async () => {
    const checkpoint = parseCheckpoint(signed);
    expect(await cosignedAt(checkpoint, await parseWitnessKey(witness.verifierKey))).toBe(seconds);
    expect(await verifySignature(checkpoint, await parseVerifierKey(log.verifierKey))).toBe(true);
  });
  it('is nothing by another key, on another checkpoint, or with another time', async () => {
    const key = await parseWitnessKey(witness.verifierKey);
    const other = await parseWitnessKey(new WitnessKey('luy/tinh').verifierKey);
    expect(await cosignedAt(parseCheckpoint(signed), other)).toBe(false);
    expect(await cosignedAt(parseCheckpoint(note), key)).toBe(false);
    const larger = log.checkpoint([new Uint8Array(32), new Uint8Array(32)]);
    expect(await cosignedAt(parseCheckpoint(larger + witness.line(note, seconds)), key)).toBe(false);
    const line = witness.line(note, seconds).split(' ');
    const bytes = Buffer.from(line[2] ?? '', 'base64');
    bytes.writeUInt8(bytes.readUInt8(11) ^ 1, 11);
    const moved = `${line[0]} ${line[1]} ${bytes.toString('base64')}\n`;
    expect(await cosignedAt(parseCheckpoint(note + moved), key)).toBe(false);
  });
});

it('A key of a log is not the key of a witness, nor the other way round', async () => {
  await expect(parseWitnessKey(log.verifierKey)).rejects.toThrow();
  await expect(parseVerifierKey(witness.verifierKey)).rejects.toThrow();
  await expect(parseWitnessKey(witness.verifierKey.replace('+', '+0'))).rejects.toThrow();
});
