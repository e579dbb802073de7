// Server-sent events out of an answer that is read as it comes (HTML Living Standard 9.2), for answers that end: an
// EventSource would ask again. Pure.
export interface Frame {
  event: string;
  data: string;
}

export class FrameReader {
  private rest = '';

  // The frames that `text` completes.
  push(text: string): Frame[] {
    const parts = (this.rest + text.replaceAll('\r', '')).split('\n\n');
    this.rest = parts.pop() ?? '';
    return parts.flatMap((part) => {
      let event = 'message';
      const data: string[] = [];
      for (const line of part.split('\n')) {
        const [, name, value] = /^(event|data): ?(.*)$/.exec(line) ?? [];
        if (name === 'event') event = value ?? '';
        else if (name === 'data') data.push(value ?? '');
      }
      return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
    });
  }
}
