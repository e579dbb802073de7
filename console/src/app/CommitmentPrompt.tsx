// Whoever has not signed the commitment of article 11.8, or not its newest version, is asked to on every page until they have.
import { Link, useLocation } from 'react-router-dom';
import { useCommitmentTexts, useMe } from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { unsigned } from '~/pages/commitments/commitment';

export function CommitmentPrompt() {
  const { t } = useLanguage();
  const texts = useCommitmentTexts();
  const me = useMe();
  const { pathname } = useLocation();
  if (pathname === '/commitments/sign' || !texts.data || !me.data) return null;
  const left = unsigned(texts.data, me.data.commitments);
  if (left.length === 0) return null;
  return (
    <p className="will-happen commitment-prompt" role="status">
      {t('commitment.prompt')} <Link to="/commitments/sign">{t('commitment.prompt_do')}</Link>
    </p>
  );
}
