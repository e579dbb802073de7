// Warns before a session ends and lets it go on; when it has ended, asks the hub, whose "no" leads to the sign-in page.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useSignOut } from '~/api/changes';
import { keys } from '~/api/keys';
import { useLanguage } from '~/i18n';

const warnMilliseconds = 120_000;
// setTimeout counts in 31 bits.
const longestTimer = 2_000_000_000;

export function SessionWatch({ expiresAt }: { expiresAt: string }) {
  const { t } = useLanguage();
  const cache = useQueryClient();
  const signOut = useSignOut();
  const [ending, setEnding] = useState(false);
  useEffect(() => {
    setEnding(false);
    const left = new Date(expiresAt).getTime() - Date.now();
    if (Number.isNaN(left)) return;
    const warn = setTimeout(
      () => setEnding(true),
      Math.min(Math.max(0, left - warnMilliseconds), longestTimer),
    );
    const end = setTimeout(
      () => void cache.invalidateQueries({ queryKey: keys.session }),
      Math.min(Math.max(0, left) + 1_000, longestTimer),
    );
    return () => {
      clearTimeout(warn);
      clearTimeout(end);
    };
  }, [expiresAt, cache]);
  return (
    <Modal
      open={ending}
      title={t('session.ending_title')}
      closable={false}
      footer={[
        <Button key="out" onClick={() => signOut.mutate()}>
          {t('session.sign_out')}
        </Button>,
        <Button
          key="stay"
          type="primary"
          onClick={() => {
            setEnding(false);
            void cache.invalidateQueries({ queryKey: keys.session });
          }}
        >
          {t('session.stay')}
        </Button>,
      ]}
    >
      {t('session.ending')}
    </Modal>
  );
}
