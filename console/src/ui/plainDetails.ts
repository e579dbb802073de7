// The hub's sentences are in both languages, but a library that it quotes speaks English only: what is known of that, by the
// key of its words. Unknown details stay as they are; they are for whoever is asked for help. Pure.
export const knownDetails = [
  [/no start line/gi, 'detail.no_begin'],
  [/bad end line/gi, 'detail.no_end'],
  [/bad base64 decode/gi, 'detail.base64'],
  [/the file does not begin with the document that was handed out/gi, 'detail.other_document'],
  [/end of sequence flow not found/gi, 'detail.open_list'],
  [/end of map flow not found/gi, 'detail.open_map'],
  [/end of sequence not found/gi, 'detail.list_end'],
  [/end of map not found/gi, 'detail.map_end'],
  [/illegal map value/gi, 'detail.colon'],
  [/illegal block entry/gi, 'detail.dash'],
  [/illegal EOF in scalar/gi, 'detail.quote'],
  [/illegal tab when looking for indentation/gi, 'detail.tab'],
] as const;

export const withWords = (text: string, words: (key: (typeof knownDetails)[number][1]) => string): string =>
  knownDetails.reduce((said, [detail, key]) => said.replace(detail, words(key)), text);
