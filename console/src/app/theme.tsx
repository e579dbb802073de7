// Light, dark or as the system says; kept in this browser only.
import { ConfigProvider, type ThemeConfig, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import viVN from 'antd/locale/vi_VN';
import dayjs from 'dayjs';
import 'dayjs/locale/vi';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useLanguage } from '~/i18n';
import { recall, remember } from './memory';
import { applyPalette, palettes, type ThemeName } from './tokens';

export type ThemeChoice = ThemeName | 'system';
const storageKey = 'luy.theme';

interface ThemeState {
  choice: ThemeChoice;
  name: ThemeName;
  choose: (choice: ThemeChoice) => void;
}
const ThemeContext = createContext<ThemeState>({ choice: 'system', name: 'light', choose: () => undefined });
export const useTheme = () => useContext(ThemeContext);

const fontFamily = "'Be Vietnam Pro', system-ui, sans-serif";

export function antdTheme(name: ThemeName, motion = true): ThemeConfig {
  const p = palettes[name];
  return {
    algorithm: name === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      motion,
      fontFamily,
      fontFamilyCode: 'ui-monospace, "DejaVu Sans Mono", monospace',
      fontSize: 14,
      borderRadius: 4,
      wireframe: false,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      colorPrimary: p.accent,
      colorLink: p.accent,
      colorError: p.violated,
      colorWarning: p.due,
      colorSuccess: p.kept,
      // What the kit would derive from colours as dark as ours is mud.
      colorErrorBg: p.violatedBg,
      colorWarningBg: p.dueBg,
      colorSuccessBg: p.keptBg,
      colorInfoBg: p.accentSoft,
      colorErrorBorder: p.violatedLine,
      colorWarningBorder: p.dueLine,
      colorSuccessBorder: p.keptLine,
      colorText: p.text,
      colorTextSecondary: p.muted,
      colorTextDescription: p.muted,
      colorTextTertiary: p.muted,
      colorTextPlaceholder: p.muted,
      colorTextDisabled: p.muted,
      colorBgLayout: p.bg,
      colorBgContainer: p.surface,
      colorBgElevated: p.surface,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorIcon: p.muted,
    },
    components: {
      Button: {
        primaryColor: p.onAccent,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
      },
      Tooltip: { colorBgSpotlight: '#232b36', colorTextLightSolid: '#ffffff' },
      Segmented: { itemSelectedColor: p.text, itemColor: p.muted, trackBg: p.sunken },
      Checkbox: { colorWhite: p.onAccent },
    },
  };
}

function stored(): ThemeChoice {
  const value = recall(storageKey);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function useMedia(condition: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(condition).matches);
  useEffect(() => {
    const query = matchMedia(condition);
    const listen = () => setHolds(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, [condition]);
  return holds;
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const [choice, setChoice] = useState<ThemeChoice>(stored);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const name: ThemeName = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
  useEffect(() => applyPalette(name), [name]);
  useEffect(() => void dayjs.locale(language), [language]);
  // The kit is told to stand still; were its motions only cut short by style, it would place popups by where a motion began.
  const config = useMemo(() => antdTheme(name, !still), [name, still]);
  const state = useMemo(
    () => ({
      choice,
      name,
      choose: (next: ThemeChoice) => {
        remember(storageKey, next);
        setChoice(next);
      },
    }),
    [choice, name],
  );
  return (
    <ThemeContext.Provider value={state}>
      <ConfigProvider theme={config} locale={language === 'vi' ? viVN : enUS}>
        {children}
      </ConfigProvider>
    </ThemeContext.Provider>
  );
}
