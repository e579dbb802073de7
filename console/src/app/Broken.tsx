// A page that failed by a fault of ours; the frame around it goes on.
import { Button } from 'antd';
import { useRouteError } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { EmptyState } from '~/ui/Page';

export function Broken() {
  const { t } = useLanguage();
  const error = useRouteError();
  return (
    <EmptyState
      why={
        <>
          {t('page.broken')}
          <br />
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </>
      }
      action={<Button onClick={() => location.reload()}>{t('action.reload')}</Button>}
    />
  );
}
