// A file that is too large for one request goes in parts; the hub says how large a part may be.
interface Begun {
  id: string;
  received: number;
  part_bytes_max: number;
}

async function base64Of(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = '';
  // In runs: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 32_768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(text);
}

// Sends the whole file and answers the upload's id. `onProgress` gets the share that is there, up to 1.
export async function sendInParts(
  file: File,
  begin: (body: { name: string; bytes: number }) => Promise<Begun>,
  put: (upload: string, body: { offset: number; content: string }) => Promise<{ received: number }>,
  onProgress: (share: number) => void,
): Promise<string> {
  const begun = await begin({ name: file.name, bytes: file.size });
  let sent = begun.received;
  while (sent < file.size) {
    const content = await base64Of(file.slice(sent, sent + begun.part_bytes_max));
    sent = (await put(begun.id, { offset: sent, content })).received;
    onProgress(sent / file.size);
  }
  return begun.id;
}
