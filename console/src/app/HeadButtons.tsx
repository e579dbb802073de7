// The two buttons at the head of every page, those of nobody signed in too: the other language, the other theme.
import { Button } from 'antd';
import { chooseLanguage, useLanguage } from '~/i18n';
import { MoonIcon, SunIcon } from '~/ui/icons';
import { useTheme } from './theme';
import './shell.css';

export function LanguageButton() {
  const { t, language } = useLanguage();
  return (
    <Button
      type="text"
      className="topbar-button"
      lang={language === 'vi' ? 'en' : 'vi'}
      title={t('shell.other_language')}
      onClick={() => void chooseLanguage(language === 'vi' ? 'en' : 'vi')}
    >
      {language === 'vi' ? 'EN' : 'VI'}
      <span className="visually-hidden"> – {t('shell.other_language')}</span>
    </Button>
  );
}

export function ThemeButton() {
  const { t } = useLanguage();
  const { name, choose } = useTheme();
  const other = name === 'dark' ? 'light' : 'dark';
  return (
    <Button
      type="text"
      className="topbar-button"
      aria-label={t(`shell.theme_${other}`)}
      title={t(`shell.theme_${other}`)}
      icon={name === 'dark' ? <SunIcon /> : <MoonIcon />}
      onClick={() => choose(other)}
    />
  );
}
