// The palette, once: CSS variables and Ant Design's tokens are both made from it, and a test holds every pair of text
// and ground to WCAG AA. State colours never stand alone: a sign and a word go with them (ui/StateTag).
export type ThemeName = 'light' | 'dark';

export interface Palette {
  bg: string;
  surface: string;
  sunken: string;
  line: string;
  lineStrong: string;
  text: string;
  muted: string;
  accent: string;
  accentSoft: string;
  onAccent: string;
  focus: string;
  kept: string;
  keptBg: string;
  keptLine: string;
  due: string;
  dueBg: string;
  dueLine: string;
  violated: string;
  violatedBg: string;
  violatedLine: string;
  unknown: string;
  unknownBg: string;
  unknownLine: string;
  na: string;
  naBg: string;
  naLine: string;
}

export const palettes: Record<ThemeName, Palette> = {
  light: {
    bg: '#f4f5f7',
    surface: '#ffffff',
    sunken: '#eceff3',
    line: '#d8dce3',
    lineStrong: '#7f8998',
    text: '#18212d',
    muted: '#525d6b',
    accent: '#1d4e89',
    accentSoft: '#e3ecf7',
    onAccent: '#ffffff',
    focus: '#1d4e89',
    kept: '#10633a',
    keptBg: '#e3f2e9',
    keptLine: '#9ccbb0',
    due: '#7d4300',
    dueBg: '#fcefd8',
    dueLine: '#e2ba7c',
    violated: '#a31b1b',
    violatedBg: '#fce6e4',
    violatedLine: '#e9a8a2',
    unknown: '#465160',
    unknownBg: '#e9ecf1',
    unknownLine: '#bcc4cf',
    na: '#56616f',
    naBg: '#f4f5f7',
    naLine: '#d8dce3',
  },
  dark: {
    bg: '#0f141b',
    surface: '#161c25',
    sunken: '#1e2631',
    line: '#303a47',
    lineStrong: '#718094',
    text: '#e6eaf0',
    muted: '#a5afbc',
    accent: '#86b4ec',
    accentSoft: '#1b2d45',
    onAccent: '#0b1726',
    focus: '#9cc3f4',
    kept: '#74d6a1',
    keptBg: '#112e1e',
    keptLine: '#2b5f43',
    due: '#f1c06d',
    dueBg: '#35270c',
    dueLine: '#6c5324',
    violated: '#ffa39b',
    violatedBg: '#431b19',
    violatedLine: '#803a36',
    unknown: '#b6c0cc',
    unknownBg: '#232b36',
    unknownLine: '#475364',
    na: '#9aa5b3',
    naBg: '#161c25',
    naLine: '#303a47',
  },
};

// Through the CSSOM, which no content policy forbids.
export function applyPalette(name: ThemeName, root: HTMLElement = document.documentElement): void {
  root.dataset.theme = name;
  for (const [key, value] of Object.entries(palettes[name])) {
    root.style.setProperty(`--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, value);
  }
}
