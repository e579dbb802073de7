// A warning from outside as it is typed and as the contract takes it. Pure.
import type { NewInboundWarning } from '~/api/caseworkTypes';

export interface Typed {
  source: string;
  reference?: string;
  dated?: string | undefined;
  title: string;
  summary: string;
  received_at: string;
  contact?: string;
}

export function inboundOf(typed: Typed, file: NewInboundWarning['file'] | null): NewInboundWarning {
  const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
  const reference = clean(typed.reference);
  return {
    source: clean(typed.source),
    title: clean(typed.title),
    summary: clean(typed.summary),
    received_at: typed.received_at,
    ...(reference ? { reference } : {}),
    ...(typed.dated ? { dated: typed.dated } : {}),
    ...(typed.contact ? { contact: typed.contact } : {}),
    ...(file ? { file } : {}),
  };
}

// As the hub has it: api/openapi.yaml.
const bytesMax = 16 * 1024 * 1024;

export function fileFault(file: Pick<File, 'name' | 'size'>): 'large' | 'not_pdf' | null {
  if (!/\.pdf$/i.test(file.name)) return 'not_pdf';
  return file.size > bytesMax ? 'large' : null;
}
