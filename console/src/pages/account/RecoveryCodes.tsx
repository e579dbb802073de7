import { Button } from 'antd';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Secret } from '~/ui/Secret';

export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useLanguage();
  const session = useSession();
  return (
    <>
      <h3>{t('factor.codes_title')}</h3>
      <Secret
        title={t('factor.codes_of', { name: session.data?.username ?? '' })}
        lines={codes}
        note={t('factor.codes_note')}
      />
      <Button type="primary" onClick={onDone}>
        {t('factor.codes_kept')}
      </Button>
    </>
  );
}
