// What people typed, as it is sent: composed (NFC), without spaces around it.
export const written = (text: string | null | undefined): string => (text ?? '').normalize('NFC').trim();

// Words that went on in another sentence, as one of their own.
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);

export const writtenOrNull = (text: string | null | undefined): string | null => written(text) || null;
