import { Link } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { EmptyState, Page } from '~/ui/Page';

export default function Missing() {
  const { t } = useLanguage();
  return (
    <Page title={t('page.missing_title')}>
      <EmptyState why={t('page.missing')} action={<Link to="/">{t('page.to_home')}</Link>} />
    </Page>
  );
}
