// What people typed, as it is sent: composed (NFC), without spaces around it.
export const written = (text: string | null | undefined): string => (text ?? '').normalize('NFC').trim();

export const writtenOrNull = (text: string | null | undefined): string | null => written(text) || null;
